package dev.gatehouse.controlplane.domain;

import java.util.Optional;

/**
 * Which domains to list.
 *
 * @param ownership only those in this state
 * @param certificate only those whose certificate is in this state
 */
record DomainFilter(Optional<String> ownership, Optional<String> certificate) {}
