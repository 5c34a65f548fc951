/**
 * Calls to what tenants name. In: a URL of a tenant's choice. Out: what it answered, from an
 * address that the operator's policy allows. Fails with a reason in words; never blocks.
 */
@NullMarked
package dev.gatehouse.gateway.authenticate.remote;

import org.jspecify.annotations.NullMarked;
