package dev.gatehouse.gateway.seal;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * AES-256-GCM under a key that is derived from a secret by HKDF with SHA-256 (RFC 5869), with a
 * random nonce of 96 bits before what is sealed and a tag of 128 bits behind it. Immutable; any
 * thread.
 */
public final class Seal {
  private static final int KEY_BYTES = 32;

  private final Aead aead;

  /**
   * @param key {@value #KEY_BYTES} bytes
   */
  Seal(byte[] key) {
    try {
      this.aead = new AesGcmJce(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES-GCM", e);
    }
  }

  /**
   * A seal for one use of a secret.
   *
   * @param secret at least {@value #KEY_BYTES} bytes that cannot be guessed
   * @param use seals of other uses open nothing of this one
   */
  public static Seal of(byte[] secret, byte[] use) {
    return new Seal(keyOf(secret, use));
  }

  static byte[] keyOf(byte[] secret, byte[] use) {
    try {
      return Hkdf.computeHkdf("HMACSHA256", secret, new byte[0], use, KEY_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
    }
  }

  /**
   * Seals.
   *
   * @param context where it belongs; {@link #open} needs the same
   */
  public byte[] seal(byte[] plain, byte[] context) {
    try {
      return aead.encrypt(plain, context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refused to encrypt", e);
    }
  }

  /** Reads what {@link #seal} made; empty if it is not that. */
  public Optional<byte[]> open(byte[] sealed, byte[] context) {
    try {
      return Optional.of(aead.decrypt(sealed, context));
    } catch (GeneralSecurityException _) {
      return Optional.empty();
    }
  }
}
