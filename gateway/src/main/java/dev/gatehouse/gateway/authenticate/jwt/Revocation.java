package dev.gatehouse.gateway.authenticate.jwt;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Which tokens a tenant has taken back. */
final class Revocation {
  private Revocation() {}

  /**
   * Whether a token is among them. One that does not say when it was issued is, where anything is.
   *
   * @param subject the claim {@code sub}
   */
  static boolean covers(EdgeIdentityProvider provider, String subject, Optional<Instant> issuedAt) {
    return isBefore(issuedAt, provider.validFrom())
        || isBefore(
            issuedAt,
            Optional.ofNullable(provider.revokedSubjects().orElse(Map.of()).get(subject)));
  }

  private static boolean isBefore(Optional<Instant> issuedAt, Optional<Instant> limit) {
    return limit.isPresent() && (issuedAt.isEmpty() || !issuedAt.get().isAfter(limit.get()));
  }
}
