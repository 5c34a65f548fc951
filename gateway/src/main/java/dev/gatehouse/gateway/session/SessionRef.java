package dev.gatehouse.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.seal.Seal;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a {@link SessionKey} while something is open by its session: the name of the
 * session and what opens it in Redis. It lets nobody in, since the cookie cannot be had from it.
 */
public final class SessionRef {
  private final UUID tenant;
  private final TokenDigest digest;
  private final Seal seal;

  SessionRef(UUID tenant, TokenDigest digest, Seal seal) {
    this.tenant = tenant;
    this.digest = digest;
    this.seal = seal;
  }

  /** At which tenant. */
  public UUID tenant() {
    return tenant;
  }

  /** The name of the session. */
  public TokenDigest digest() {
    return digest;
  }

  /** Seals something that only this opens. */
  byte[] seal(byte[] plain) {
    return seal.seal(plain, context());
  }

  /** Reads what {@link #seal(byte[])} made; empty if it is not that, of this session. */
  Optional<byte[]> open(byte[] sealed) {
    return seal.open(sealed, context());
  }

  private byte[] context() {
    return digest.toText().getBytes(UTF_8);
  }

  /** The digest is of the tenant, too. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionRef ref && ref.digest.equals(digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "SessionRef[" + digest.toText() + "]";
  }
}
