package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Where the token came from that a caller came with.
 *
 * @param provider the tenant's identity provider, as it was when the token was verified
 * @param names by which its subject can be revoked: the claim {@code sub}, and the claim that the
 *     provider maps to the subject
 * @param issuedAt the claim {@code iat}
 */
public record TokenOrigin(
    EdgeIdentityProvider provider, Set<String> names, Optional<Instant> issuedAt) {
  public TokenOrigin {
    names = Set.copyOf(names);
  }

  /**
   * What is said of a subject.
   *
   * @param subject who it is at the tenant
   * @param sub who it is at the provider; empty where that is not said
   */
  public static TokenOrigin of(
      EdgeIdentityProvider provider, String subject, String sub, Optional<Instant> issuedAt) {
    Set<String> names =
        sub.isEmpty() || sub.equals(subject) ? Set.of(subject) : Set.of(subject, sub);
    return new TokenOrigin(provider, names, issuedAt);
  }

  /** Whether the upstream sees the token. */
  public boolean isForwarded() {
    return provider.forwardToken().orElse(false);
  }
}
