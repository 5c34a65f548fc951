/**
 * Every way in which the gateway itself ends a request: {@link
 * dev.gatehouse.gateway.rejection.Rejection} says why, {@link
 * dev.gatehouse.gateway.rejection.Rejections} answers. No answer tells whether another tenant
 * exists.
 */
@NullMarked
package dev.gatehouse.gateway.rejection;

import org.jspecify.annotations.NullMarked;
