@NullMarked
package dev.gatehouse.gateway.sign;

import org.jspecify.annotations.NullMarked;
