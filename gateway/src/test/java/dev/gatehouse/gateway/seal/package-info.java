@NullMarked
package dev.gatehouse.gateway.seal;

import org.jspecify.annotations.NullMarked;
