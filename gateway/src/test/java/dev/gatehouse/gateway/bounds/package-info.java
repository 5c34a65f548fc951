/** The document of all bounds, made from what is written beside them. */
@NullMarked
package dev.gatehouse.gateway.bounds;

import org.jspecify.annotations.NullMarked;
