package dev.gatehouse.gateway.authenticate.jwt;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.gateway.authenticate.TokenOrigin;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Which tokens a tenant has taken back, or would not accept any more. */
final class Revocation {
  private Revocation() {}

  /**
   * Whether a token is among those that were taken back. One that does not say when it was issued
   * is, where anything is.
   *
   * @param provider as it is now
   */
  static boolean covers(EdgeIdentityProvider provider, TokenOrigin token) {
    Map<String, Instant> subjects = provider.revokedSubjects().orElse(Map.of());
    return isBefore(token.issuedAt(), provider.validFrom())
        || token.names().stream()
            .anyMatch(name -> isBefore(token.issuedAt(), Optional.ofNullable(subjects.get(name))));
  }

  /** Whether the provider trusts the same as it did: a token that was let in then would be now. */
  static boolean asksTheSame(EdgeIdentityProvider now, EdgeIdentityProvider then) {
    return now.issuer().equals(then.issuer())
        && now.keys().equals(then.keys())
        && now.audiences().equals(then.audiences())
        && now.algorithms().equals(then.algorithms())
        && now.requiredClaims().equals(then.requiredClaims());
  }

  private static boolean isBefore(Optional<Instant> issuedAt, Optional<Instant> limit) {
    return limit.isPresent() && (issuedAt.isEmpty() || !issuedAt.get().isAfter(limit.get()));
  }
}
