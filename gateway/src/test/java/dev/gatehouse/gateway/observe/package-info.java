@NullMarked
package dev.gatehouse.gateway.observe;

import org.jspecify.annotations.NullMarked;
