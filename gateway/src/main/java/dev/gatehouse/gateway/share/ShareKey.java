package dev.gatehouse.gateway.share;

import java.util.Optional;
import java.util.UUID;

/**
 * Whose endpoints a share is of.
 *
 * @param tenant that has them to itself; empty for those that all share
 */
record ShareKey(String service, Optional<UUID> tenant) {
  static ShareKey shared(String service) {
    return new ShareKey(service, Optional.empty());
  }

  static ShareKey own(String service, UUID tenant) {
    return new ShareKey(service, Optional.of(tenant));
  }
}
