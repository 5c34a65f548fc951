/**
 * The gateway between clients and servers that this project did not write, and upstreams that break
 * every rule. A test whose program is not on the machine says so and is skipped; where {@code
 * GATEHOUSE_REQUIRE_PROGRAMS=1} is set, as in CI, it fails.
 */
@NullMarked
package dev.gatehouse.gateway.outside;

import org.jspecify.annotations.NullMarked;
