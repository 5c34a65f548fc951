package dev.gatehouse.controlplane.api;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What narrows a token.
 *
 * @param scopes all that it may be used for; empty where it may do whatever its holder may
 * @param expiresAt from when on it opens nothing; never if empty
 * @param gateways whose a gateway's token is; that of any if empty
 */
public record TokenBounds(
    Optional<Set<Permission>> scopes,
    Optional<Instant> expiresAt,
    Optional<GatewayNames> gateways) {
  /** Narrows nothing. */
  public static final TokenBounds NONE = new TokenBounds(Optional.empty(), Optional.empty());

  /** What narrows a token that is no gateway's. */
  public TokenBounds(Optional<Set<Permission>> scopes, Optional<Instant> expiresAt) {
    this(scopes, expiresAt, Optional.empty());
  }

  /** The same with another end. */
  public TokenBounds until(Optional<Instant> end) {
    return new TokenBounds(scopes, end, gateways);
  }

  /** What remains of permissions. */
  public Set<Permission> narrow(Set<Permission> permissions) {
    return scopes
        .map(allowed ->
            permissions.stream().filter(allowed::contains).collect(Collectors.toUnmodifiableSet()))
        .orElse(permissions);
  }

  /** Whether it opens nothing any more. */
  public boolean isOver(Instant now) {
    return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
  }

  /** Whether a token with the other bounds may do no more, for no longer, than one with these. */
  public boolean hold(TokenBounds other) {
    boolean scoped =
        scopes.isEmpty()
            || (other.scopes.isPresent() && scopes.get().containsAll(other.scopes.get()));
    boolean timely =
        expiresAt.isEmpty()
            || (other.expiresAt.isPresent() && !other.expiresAt.get().isAfter(expiresAt.get()));
    return scoped && timely;
  }
}
