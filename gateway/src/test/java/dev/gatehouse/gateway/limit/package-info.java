@NullMarked
package dev.gatehouse.gateway.limit;

import org.jspecify.annotations.NullMarked;
