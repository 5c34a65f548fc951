/**
 * The real PostgreSQL and Redis servers as child processes, for a demo, a test or a small
 * installation. In: a directory and a port. Out: the URL of a running server, which keeps its data
 * in that directory from one start to the next and does not outlive this process. Every expected
 * failure is a {@link dev.gatehouse.backends.BackendException} whose message is one sentence for
 * the user.
 */
@NullMarked
package dev.gatehouse.backends;

import org.jspecify.annotations.NullMarked;
