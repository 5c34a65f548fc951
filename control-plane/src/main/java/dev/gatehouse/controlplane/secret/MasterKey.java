package dev.gatehouse.controlplane.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The key under which secrets rest in the database; the database itself never sees it. Immutable;
 * any thread.
 */
public final class MasterKey {
  /** Length of the key, in bytes. */
  public static final int LENGTH = 32;

  private final byte[] key;
  private final Aead aead;

  private MasterKey(byte[] key) throws GeneralSecurityException {
    this.key = key;
    this.aead = new AesGcmJce(key);
  }

  /**
   * Reads a key.
   *
   * @param base64 {@value #LENGTH} bytes in Base64
   * @throws IllegalArgumentException if it is anything else; the message does not repeat the key
   */
  public static MasterKey parse(String base64) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("masterKey must be Base64 of 32 bytes", e);
    }
    if (key.length != LENGTH) {
      throw new IllegalArgumentException(
          "masterKey must be Base64 of 32 bytes, found " + key.length + " bytes");
    }
    try {
      return new MasterKey(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES-GCM", e);
    }
  }

  /**
   * Encrypts with AES-256-GCM.
   *
   * @param context where the secret belongs; {@link #open} needs the same
   */
  public byte[] seal(byte[] secret, String context) {
    try {
      return aead.encrypt(secret, context.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refused to encrypt", e);
    }
  }

  /**
   * Decrypts what {@link #seal} gave.
   *
   * @throws IllegalStateException if it was sealed under another key or for another context, or was
   *     altered
   */
  public byte[] open(byte[] sealed, String context) {
    try {
      return aead.decrypt(sealed, context.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "a sealed value does not open: is masterKey the one that it was sealed with?", e);
    }
  }

  /** The key for those who name the context of what they seal themselves. */
  public Aead aead() {
    return aead;
  }

  /** A key of its own for HMAC-SHA-256, derived with HKDF (RFC 5869) for one purpose. */
  public SecretKey deriveMacKey(String purpose) {
    return deriveMacKey(purpose.getBytes(StandardCharsets.UTF_8));
  }

  SecretKey deriveMacKey(byte[] purpose) {
    try {
      HKDFParameterSpec spec =
          HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(purpose, LENGTH);
      return KDF.getInstance("HKDF-SHA256").deriveKey("HmacSHA256", spec);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java 25 runtime has HKDF-SHA256", e);
    }
  }

  /** A password of its own, of 43 letters, digits, hyphens and underscores, for one purpose. */
  public String derivePassword(String purpose) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(deriveMacKey(purpose).getEncoded());
  }

  @Override
  public String toString() {
    return "MasterKey[…]";
  }
}
