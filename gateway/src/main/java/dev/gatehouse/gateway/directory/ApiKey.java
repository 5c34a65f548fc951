package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

/**
 * An API key as requests meet it: the hash decoded, the caller ready. Nothing of it changes but
 * when its use was noted last.
 */
public final class ApiKey {
  private static final long NOTED_EVERY_MILLIS = 60_000;

  private final EdgeApiKey edge;
  private final byte[] hash;
  private final Principal principal;
  private final long expiresAtMillis;

  /** Several event loops write it, without order: at worst a use is noted twice. */
  private volatile long notedAtMillis;

  /**
   * @throws IllegalArgumentException if the hash is not hexadecimal
   */
  ApiKey(EdgeApiKey edge) {
    this.edge = edge;
    this.hash = HexFormat.of().parseHex(edge.hash());
    this.principal =
        new Principal(
            edge.subject(),
            edge.roles(),
            edge.scopes().orElse(Set.of()),
            new Credential.Key(edge.id()));
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

  /** Notes that it was used, at most once a minute. */
  public void used(KeyUses uses, long nowMillis) {
    if (nowMillis - notedAtMillis >= NOTED_EVERY_MILLIS) {
      notedAtMillis = nowMillis;
      uses.note(edge.id(), nowMillis);
    }
  }

  EdgeApiKey edge() {
    return edge;
  }
}
