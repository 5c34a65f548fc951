/** The application behind every contender: as little work as an HTTP server can do. */
@NullMarked
package dev.gatehouse.loadtests.upstream;

import org.jspecify.annotations.NullMarked;
