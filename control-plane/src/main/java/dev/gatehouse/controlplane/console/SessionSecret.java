package dev.gatehouse.controlplane.console;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatehouse.contract.audit.Sha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the cookie of a session holds: 256 random bits. The database has its hash alone. The token
 * that forms carry against requests from elsewhere follows from it, and does not reveal it.
 */
final class SessionSecret {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final String text;

  private SessionSecret(String text) {
    this.text = text;
  }

  static SessionSecret generate() {
    byte[] bits = new byte[32];
    RANDOM.nextBytes(bits);
    return new SessionSecret(ENCODER.encodeToString(bits));
  }

  /** Reads one; empty if it cannot be one. */
  static Optional<SessionSecret> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new SessionSecret(text)) : Optional.empty();
  }

  /** For the cookie. */
  String reveal() {
    return text;
  }

  /** What is stored in its place. */
  byte[] hash() {
    return sha256("gatehouse console session v1:" + text);
  }

  /** What every form of the session carries. */
  String formToken() {
    return ENCODER.encodeToString(sha256("gatehouse console form v1:" + text));
  }

  /** Whether a form comes from a page of this session; compares in constant time. */
  boolean hasMade(String formToken) {
    return MessageDigest.isEqual(formToken().getBytes(US_ASCII), formToken.getBytes(US_ASCII));
  }

  @Override
  public String toString() {
    return "…";
  }

  private static byte[] sha256(String text) {
    return Sha256.of(text.getBytes(US_ASCII));
  }
}
