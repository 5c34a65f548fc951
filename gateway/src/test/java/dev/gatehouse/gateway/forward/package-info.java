@NullMarked
package dev.gatehouse.gateway.forward;

import org.jspecify.annotations.NullMarked;
