package dev.gatehouse.gateway.authenticate.certificate;

import dev.gatehouse.contract.audit.Sha256;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** SHA-256 of a certificate, as tokens name the one that they are bound to (RFC 8705 section 3). */
public final class Thumbprint {
  private static final int LENGTH = 32;

  /** As {@code base64url} writes so many bytes without padding. */
  private static final int TEXT_LENGTH = 43;

  private final byte[] digest;

  private Thumbprint(byte[] digest) {
    this.digest = digest;
  }

  /** Of a certificate in DER. */
  public static Thumbprint of(byte[] certificate) {
    return new Thumbprint(Sha256.of(certificate));
  }

  /** Reads what stands in a token; empty if it is none. */
  public static Optional<Thumbprint> parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      return Optional.empty();
    }
    try {
      byte[] digest = Base64.getUrlDecoder().decode(text);
      return digest.length == LENGTH ? Optional.of(new Thumbprint(digest)) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Takes as long wherever they differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Thumbprint that && MessageDigest.isEqual(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }
}
