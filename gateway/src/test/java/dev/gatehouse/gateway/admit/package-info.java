@NullMarked
package dev.gatehouse.gateway.admit;

import org.jspecify.annotations.NullMarked;
