/**
 * What the gateway tells the control plane of refused requests: credentials of other tenants,
 * clients that say who the tenant is, and probing. In: refusals, as they happen, which costs the
 * event loop an increment. Out: one report a window, with numbers. What may fail: the control
 * plane, and then reports wait in a queue with a bound; what does not fit is counted.
 */
@NullMarked
package dev.gatehouse.gateway.security;

import org.jspecify.annotations.NullMarked;
