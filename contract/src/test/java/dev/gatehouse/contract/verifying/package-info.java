/**
 * The verifiers that {@code docs/verifying} shows to applications in other languages, against what
 * the JVM signs. A test whose program is not on the machine says so and is skipped; where {@code
 * GATEHOUSE_REQUIRE_PROGRAMS=1} is set, as in CI, it fails.
 */
@NullMarked
package dev.gatehouse.contract.verifying;

import org.jspecify.annotations.NullMarked;
