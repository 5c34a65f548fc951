package dev.gatehouse.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.seal.Seal;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a browser holds of its session: 256 random bits. From them, the tenant and the host, all
 * else is derived: the name of the session in Redis by SHA-256, and the key that seals it there by
 * HKDF (RFC 5869). So neither can be had without the cookie, nor be used for another tenant or
 * host.
 */
public final class SessionKey {
  private static final int BYTES = 32;
  private static final String LABEL = "gatehouse session 1";
  private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String secret;
  private final UUID tenant;
  private final String host;
  private final TokenDigest digest;

  private SessionKey(String secret, UUID tenant, String host) {
    this.secret = secret;
    this.tenant = tenant;
    this.host = host;
    this.digest = TokenDigest.of(LABEL + '\n' + tenant + '\n' + host + '\n' + secret);
  }

  /** A new one. */
  public static SessionKey generate(UUID tenant, String host) {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new SessionKey(
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), tenant, host);
  }

  /**
   * From a cookie.
   *
   * @param host at which it came, in normal form
   * @return empty if it cannot be one
   */
  public static Optional<SessionKey> parse(String text, UUID tenant, String host) {
    return TEXT.matcher(text).matches()
        ? Optional.of(new SessionKey(text, tenant, host))
        : Optional.empty();
  }

  /** What the cookie holds; whoever has it is let in. */
  public String reveal() {
    return secret;
  }

  /** The name of the session; lets nobody in. */
  public TokenDigest digest() {
    return digest;
  }

  /** What may be kept of it. */
  public SessionRef ref() {
    String use = LABEL + '\n' + tenant + '\n' + host;
    return new SessionRef(
        tenant, digest, Seal.of(Base64.getUrlDecoder().decode(secret), use.getBytes(UTF_8)));
  }

  /** Seals something that only this key opens. */
  public byte[] seal(byte[] plain) {
    return ref().seal(plain);
  }

  /** Reads what {@link #seal} made; empty if it is not that, of this key. */
  public Optional<byte[]> open(byte[] sealed) {
    return ref().open(sealed);
  }

  @Override
  public String toString() {
    return "SessionKey[" + digest.toText() + "]";
  }
}
