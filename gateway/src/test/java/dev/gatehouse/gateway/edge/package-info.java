/** Attacks on the edge, byte by byte, with an upstream behind that sees what came of each. */
@NullMarked
package dev.gatehouse.gateway.edge;

import org.jspecify.annotations.NullMarked;
