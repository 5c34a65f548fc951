/**
 * Requests to places that tenants name. What a tenant says must not let it reach the platform's own
 * network: {@link dev.gatehouse.egress.EgressPolicy} knows which addresses may be connected to, and
 * {@link dev.gatehouse.egress.EgressClient} connects to the address that was checked, not to what
 * the name stands for a moment later.
 */
@NullMarked
package dev.gatehouse.egress;

import org.jspecify.annotations.NullMarked;
