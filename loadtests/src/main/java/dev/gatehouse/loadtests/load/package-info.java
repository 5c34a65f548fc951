/**
 * A closed-loop HTTP/1.1 load generator on one thread that takes little CPU and counts a wrong
 * answer as an error, never as throughput.
 */
@NullMarked
package dev.gatehouse.loadtests.load;

import org.jspecify.annotations.NullMarked;
