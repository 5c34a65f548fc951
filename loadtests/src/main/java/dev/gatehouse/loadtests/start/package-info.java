/** How soon a gateway is ready, and how much memory a tenant takes there. */
@NullMarked
package dev.gatehouse.loadtests.start;

import org.jspecify.annotations.NullMarked;
