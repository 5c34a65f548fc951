/**
 * What would happen to a request, and why, without sending it: the stages of {@link
 * dev.gatehouse.gateway.Stages} decide about a head that nobody waits for. In: method, URL and
 * headers. Out: an {@link dev.gatehouse.gateway.explain.Explanation}. Nothing is forwarded, signed,
 * counted, logged or taken off a tenant's share; values of headers are never repeated.
 */
@NullMarked
package dev.gatehouse.gateway.explain;

import org.jspecify.annotations.NullMarked;
