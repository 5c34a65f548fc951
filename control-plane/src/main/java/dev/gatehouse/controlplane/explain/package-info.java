/**
 * What would become of a request to a tenant, as a gateway tells it. A question comes in over the
 * API, goes to a gateway over the feed that it follows, and its answer comes back the same way;
 * what may fail is that no gateway is there, or none answers in time. Nothing of it is kept.
 */
@NullMarked
package dev.gatehouse.controlplane.explain;

import org.jspecify.annotations.NullMarked;
