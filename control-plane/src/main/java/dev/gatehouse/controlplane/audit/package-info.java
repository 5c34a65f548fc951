/**
 * The audit trail: every change, in the transaction that makes it, in the hash chain of its tenant
 * or of the platform.
 *
 * <p>In come changes and refusals from the {@code api} package, acts of the control plane itself
 * and the gateways' reports, through {@link dev.gatehouse.controlplane.audit.AuditService}. Out go
 * pages, exports and signed checkpoints over all chains. What may fail: the database, and then the
 * change fails with it. Only a count of refusals may get lost.
 */
@NullMarked
package dev.gatehouse.controlplane.audit;

import org.jspecify.annotations.NullMarked;
