/** {@code loadtests/latency}: what proxies add to the latency of an upstream at half load. */
@NullMarked
package dev.gatehouse.loadtests.latency;

import org.jspecify.annotations.NullMarked;
