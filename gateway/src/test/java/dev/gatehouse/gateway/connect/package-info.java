@NullMarked
package dev.gatehouse.gateway.connect;

import org.jspecify.annotations.NullMarked;
