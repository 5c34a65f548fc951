/** What it costs to know who calls, by each way of proving it. */
@NullMarked
package dev.gatehouse.loadtests.identity;

import org.jspecify.annotations.NullMarked;
