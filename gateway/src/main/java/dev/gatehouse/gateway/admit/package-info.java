/**
 * Only well-formed requests get in. In: what the HTTP codec read. Out: a {@link
 * dev.gatehouse.gateway.admit.Sanitized}, with one host and one path, both in normal form. Fails
 * with {@link dev.gatehouse.gateway.rejection.Rejection.BadRequest}, {@link
 * dev.gatehouse.gateway.rejection.Rejection.BodyTooLarge} and their like. Also decides which of the
 * client's headers an upstream may see.
 */
@NullMarked
package dev.gatehouse.gateway.admit;

import org.jspecify.annotations.NullMarked;
