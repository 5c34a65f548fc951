/** What it costs that PostgreSQL itself verifies whose rows a transaction may see. */
@NullMarked
package dev.gatehouse.loadtests.isolation;

import org.jspecify.annotations.NullMarked;
