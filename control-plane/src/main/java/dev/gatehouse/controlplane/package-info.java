/**
 * The control plane: it owns the tenants and tells the gateways what they need to know.
 *
 * <p>{@link dev.gatehouse.controlplane.ControlPlane} starts it. Each feature is a package with the
 * same three rooms: {@code …Routes} (HTTP), {@code …Service} (rules), {@code …Store} (SQL). What all
 * of them share is in {@code api} (HTTP behaviour), {@code database} and {@code secret}. Requests
 * come in as JSON over HTTP, changes go out to PostgreSQL and through {@code feed} to the gateways;
 * every failure is a {@link dev.gatehouse.controlplane.api.Problem}.
 */
@NullMarked
package dev.gatehouse.controlplane;

import org.jspecify.annotations.NullMarked;
