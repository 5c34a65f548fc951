/** The comparison: interleaved rounds on every contender, medians, ratios, a table and JSON. */
@NullMarked
package dev.gatehouse.loadtests.compare;

import org.jspecify.annotations.NullMarked;
