/** Tests of connections to Redis. */
@NullMarked
package dev.gatehouse.gateway.redis;

import org.jspecify.annotations.NullMarked;
