@NullMarked
package dev.gatehouse.gateway.usage;

import org.jspecify.annotations.NullMarked;
