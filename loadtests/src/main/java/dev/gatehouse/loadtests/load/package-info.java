/**
 * HTTP/1.1 load generators on one thread that take little CPU and count a wrong answer as an error,
 * never as throughput: {@link dev.gatehouse.loadtests.load.LoadGenerator} sends as fast as it is
 * answered, {@link dev.gatehouse.loadtests.load.OpenLoadGenerator} at times of its own.
 */
@NullMarked
package dev.gatehouse.loadtests.load;

import org.jspecify.annotations.NullMarked;
