/**
 * Who is calling, by the tenant's own rules. In: a {@link dev.gatehouse.gateway.resolve.Resolved}
 * request. Out: an {@link dev.gatehouse.gateway.authenticate.Authenticated}. Fails with {@link
 * dev.gatehouse.gateway.rejection.Rejection.Unauthenticated}; what proves nothing here is never let
 * in as anonymous.
 */
@NullMarked
package dev.gatehouse.gateway.authenticate;

import org.jspecify.annotations.NullMarked;
