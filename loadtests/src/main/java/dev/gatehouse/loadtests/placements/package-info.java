/** What it takes to give many tenants a place for their data, in each way. */
@NullMarked
package dev.gatehouse.loadtests.placements;

import org.jspecify.annotations.NullMarked;
