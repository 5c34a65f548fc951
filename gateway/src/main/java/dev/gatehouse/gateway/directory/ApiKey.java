package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.authenticate.Principal;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/** An API key as requests meet it: the hash decoded, the caller ready. Immutable. */
public final class ApiKey {
  private final EdgeApiKey edge;
  private final byte[] hash;
  private final Principal principal;
  private final long expiresAtMillis;

  /**
   * @throws IllegalArgumentException if the hash is not hexadecimal
   */
  ApiKey(EdgeApiKey edge) {
    this.edge = edge;
    this.hash = HexFormat.of().parseHex(edge.hash());
    this.principal = Principal.withApiKey(edge.id(), edge.subject(), edge.roles());
    this.expiresAtMillis = edge.expiresAt().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
  }

  /** Whose it is. */
  public UUID tenantId() {
    return edge.tenantId();
  }

  /** Who calls with it. */
  public Principal principal() {
    return principal;
  }

  /**
   * Whether a presented secret is this key's, and in time. The comparison takes constant time.
   *
   * @param nowMillis milliseconds since the epoch
   */
  public boolean admits(SecretToken presented, long nowMillis) {
    return presented.matches(hash) && nowMillis < expiresAtMillis;
  }

  EdgeApiKey edge() {
    return edge;
  }
}
