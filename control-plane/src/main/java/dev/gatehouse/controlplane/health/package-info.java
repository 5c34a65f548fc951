/**
 * How tenants do: a score for each, from what is measured of its traffic and known of its
 * certificates, domains, tables and keys; with the reasons in words, and what to do. Once a minute
 * {@link dev.gatehouse.controlplane.health.HealthRound} reads what is known of all tenants, each
 * factor judges it, and what changed is kept and told.
 */
@NullMarked
package dev.gatehouse.controlplane.health;

import org.jspecify.annotations.NullMarked;
