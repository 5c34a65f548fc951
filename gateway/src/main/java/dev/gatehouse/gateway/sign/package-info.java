/**
 * The signed statement of the tenant. In: a request that was let in, with its service. Out: a
 * {@link dev.gatehouse.gateway.sign.Signed}, the only thing that the forwarder accepts. Fails with
 * {@link dev.gatehouse.gateway.rejection.Rejection.NoSigningKey}.
 */
@NullMarked
package dev.gatehouse.gateway.sign;

import org.jspecify.annotations.NullMarked;
