/**
 * The console as people use it: a real browser before a real control plane on a real database.
 * Without a Chromium the tests are skipped; where {@code GATEHOUSE_REQUIRE_PROGRAMS=1} is set, as
 * in CI, they fail.
 */
@NullMarked
package dev.gatehouse.deploy.console;

import org.jspecify.annotations.NullMarked;
