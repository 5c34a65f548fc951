/**
 * Plans: named defaults for tenants. A tenant overrides single values; what holds for it in the
 * end, and where each value comes from, is found here. The edge is told of plans and of overrides
 * apart, so that one line of the feed changes all tenants of a plan.
 */
@NullMarked
package dev.gatehouse.controlplane.plan;

import org.jspecify.annotations.NullMarked;
