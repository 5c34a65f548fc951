@NullMarked
package dev.gatehouse.gateway.security;

import org.jspecify.annotations.NullMarked;
