/** What is written down of bounds beside them, so that docs/limits.md cannot forget one. */
@NullMarked
package dev.gatehouse.gateway.bounds;

import org.jspecify.annotations.NullMarked;
