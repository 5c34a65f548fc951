/**
 * Where Redis is, and how it is spoken to: what {@link dev.gatehouse.gateway.limit} and {@link
 * dev.gatehouse.gateway.session} share.
 */
@NullMarked
package dev.gatehouse.gateway.redis;

import org.jspecify.annotations.NullMarked;
