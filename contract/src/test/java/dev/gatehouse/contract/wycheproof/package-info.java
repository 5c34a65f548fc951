/**
 * The vectors of Project Wycheproof, for the tests of all modules. They are not part of this
 * project: the environment variable {@code GATEHOUSE_WYCHEPROOF} names the folder {@code
 * testvectors_v1} of a copy of its repository. Tests that need it are called {@code
 * WycheproofTest}, and are skipped where the variable is not set.
 */
@NullMarked
package dev.gatehouse.contract.wycheproof;

import org.jspecify.annotations.NullMarked;
