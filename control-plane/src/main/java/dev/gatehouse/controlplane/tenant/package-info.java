/**
 * Tenants: their documents and their life, {@code pending → active ⇄ suspended → archived →
 * deleted} ({@link dev.gatehouse.controlplane.tenant.Transition}). Every change that the edge must
 * see is published in its own transaction.
 */
@NullMarked
package dev.gatehouse.controlplane.tenant;

import org.jspecify.annotations.NullMarked;
