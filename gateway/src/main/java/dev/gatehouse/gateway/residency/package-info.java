/**
 * From where a tenant may be reached, and where it may be served. In: a request whose tenant is
 * known. Out: nothing, where it may go on here. What fails: a request from an address that is not
 * allowed, and one whose tenant is bound to a region in which this gateway does not stand. Which
 * endpoints such a tenant's requests may go to is decided in {@link
 * dev.gatehouse.gateway.upstream.LoopUpstream}, where every choice of one is made.
 */
@NullMarked
package dev.gatehouse.gateway.residency;

import org.jspecify.annotations.NullMarked;
