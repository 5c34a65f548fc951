package dev.gatehouse.controlplane.secret;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The key under which secrets rest in the database; the database itself never sees it. Former ones
 * still open what was sealed with them. Immutable; any thread.
 */
public final class MasterKey implements Sealer {
  /** Length of the key, in bytes. */
  public static final int LENGTH = 32;

  private static final int FINGERPRINT_BYTES = 8;

  private final byte[] key;
  private final List<byte[]> fingerprints;
  private final Aead aead;

  private MasterKey(List<byte[]> keys) throws GeneralSecurityException {
    this.key = keys.getFirst();
    this.fingerprints = keys.stream().map(MasterKey::fingerprintOf).toList();
    if (fingerprints().stream().distinct().count() < keys.size()) {
      throw new IllegalArgumentException("formerMasterKeys must be others than masterKey");
    }
    this.aead = KeyRing.of(keys, fingerprints);
  }

  /**
   * Reads a key.
   *
   * @param text {@value #LENGTH} bytes in Base64, or {@code file:} and the path of a file with them
   * @throws IllegalArgumentException if it is anything else; the message does not repeat the key
   */
  public static MasterKey parse(String text) {
    return of(text, List.of());
  }

  /**
   * Reads a key, and those that were used before.
   *
   * @param current seals
   * @param former only open
   * @throws IllegalArgumentException if one cannot be read, or is there twice
   */
  public static MasterKey of(String current, List<String> former) {
    return of(current, former, KeySources.NONE);
  }

  /**
   * The same of keys that do not all stand there as they are. Waits for the key service, where one
   * needs it.
   *
   * @throws IllegalStateException if the key service does not open one
   */
  public static MasterKey of(String current, List<String> former, KeySources sources) {
    try {
      return new MasterKey(texts(current, former).stream().map(text -> text.key(sources)).toList());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES-GCM", e);
    }
  }

  /**
   * Looks at what can be seen without the key service.
   *
   * @throws IllegalArgumentException as {@link #of(String, List, KeySources)}
   */
  public static void check(
      String current, List<String> former, boolean service, Optional<DecapsulationKey> second) {
    KeySources sources = new KeySources(Optional.empty(), second);
    List<MasterKeyText> texts = texts(current, former);
    if (texts.stream().noneMatch(MasterKeyText::needsService)) {
      MasterKey _ = of(current, former, sources);
    } else if (!service) {
      throw new IllegalArgumentException("masterKey with kms: needs keyService");
    } else {
      texts.forEach(text -> text.check(sources));
    }
  }

  private static List<MasterKeyText> texts(String current, List<String> former) {
    return Stream.concat(
            Stream.of(new MasterKeyText("masterKey", current)),
            former.stream().map(text -> new MasterKeyText("formerMasterKeys", text)))
        .toList();
  }

  /**
   * Encrypts with AES-256-GCM.
   *
   * @param context where the secret belongs; {@link #open} needs the same
   * @return what begins with {@link #prefix}
   */
  @Override
  public byte[] seal(byte[] secret, String context) {
    try {
      return aead.encrypt(secret, context.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refused to encrypt", e);
    }
  }

  /**
   * Decrypts what {@link #seal} gave, with a former key too.
   *
   * @throws IllegalStateException if it was sealed under another key or for another context, or was
   *     altered
   */
  @Override
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

  /** What all begins with that is sealed with this key, and nothing else. */
  public byte[] prefix() {
    return KeyRing.prefixOf(fingerprints.getFirst());
  }

  /** What tells this key from others, and nothing of it: 16 hex digits. */
  public String fingerprint() {
    return fingerprints().getFirst();
  }

  /** The same of this key and of all former ones that are still known. */
  public List<String> fingerprints() {
    return fingerprints.stream().map(HexFormat.of()::formatHex).toList();
  }

  /** A key of its own for HMAC-SHA-256, derived with HKDF (RFC 5869) for one purpose. */
  public SecretKey deriveMacKey(String purpose) {
    return deriveMacKey(purpose.getBytes(StandardCharsets.UTF_8));
  }

  SecretKey deriveMacKey(byte[] purpose) {
    return derive(key, purpose, LENGTH);
  }

  private static byte[] fingerprintOf(byte[] key) {
    byte[] purpose = "gatehouse master key fingerprint v1".getBytes(StandardCharsets.UTF_8);
    return derive(key, purpose, FINGERPRINT_BYTES).getEncoded();
  }

  private static SecretKey derive(byte[] key, byte[] purpose, int length) {
    try {
      HKDFParameterSpec spec =
          HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(purpose, length);
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
    return "MasterKey[" + fingerprint() + "]";
  }
}
