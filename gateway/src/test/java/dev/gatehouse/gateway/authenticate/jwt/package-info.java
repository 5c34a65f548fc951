@NullMarked
package dev.gatehouse.gateway.authenticate.jwt;

import org.jspecify.annotations.NullMarked;
