@NullMarked
package dev.gatehouse.gateway.compress;

import org.jspecify.annotations.NullMarked;
