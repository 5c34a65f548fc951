@NullMarked
package dev.gatehouse.gateway.share;

import org.jspecify.annotations.NullMarked;
