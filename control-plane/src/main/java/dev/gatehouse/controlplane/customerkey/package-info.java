/**
 * Keys that tenants hold themselves, at key services of their own, and that the platform asks for
 * again and again: what a tenant withholds, the tenant's keysets do not open without.
 *
 * <p>In: where a key is and a token for it. Out: the key that wraps the tenant's keysets, in memory
 * and for a moment. What fails is said to the tenant, and makes it dark; nobody else waits for it.
 */
@NullMarked
package dev.gatehouse.controlplane.customerkey;

import org.jspecify.annotations.NullMarked;
