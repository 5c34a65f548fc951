package dev.gatehouse.controlplane.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Which entries to list.
 *
 * @param from not before this
 * @param to before this
 * @param action only these
 * @param actor only those of who has this id
 * @param resource only those on this
 */
record AuditFilter(
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> action,
    Optional<String> actor,
    Optional<String> resource) {}
