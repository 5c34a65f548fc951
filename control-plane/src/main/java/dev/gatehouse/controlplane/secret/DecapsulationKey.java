package dev.gatehouse.controlplane.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.crypto.DecapsulateException;
import javax.crypto.KDF;
import javax.crypto.KEM;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * A private key of ML-KEM-768 (FIPS 203): the second half of a master key, of which the first may
 * have been on the wire. Who wants to open something needs both. Immutable; any thread.
 */
public final class DecapsulationKey {
  private static final String ALGORITHM = "ML-KEM-768";

  /** Length of what stands behind {@code ml-kem:}, in bytes. */
  static final int ENCAPSULATED_LENGTH = 1088;

  private static final byte[] PURPOSE = "gatehouse hybrid master key v1".getBytes(UTF_8);

  private final PrivateKey key;

  private DecapsulationKey(PrivateKey key) {
    this.key = key;
  }

  /**
   * A new key, and what was encapsulated for it.
   *
   * @param decapsulationKey Base64 of the private key (PKCS #8); a secret
   * @param encapsulated Base64 of what stands behind {@code ml-kem:}; no secret
   */
  public record Made(String decapsulationKey, String encapsulated) {}

  /** Makes a key, and encapsulates a secret for it; nobody else knows that. */
  public static Made make() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      KEM.Encapsulated sent =
          KEM.getInstance(ALGORITHM).newEncapsulator(pair.getPublic()).encapsulate();
      Base64.Encoder base64 = Base64.getEncoder();
      return new Made(
          base64.encodeToString(pair.getPrivate().getEncoded()),
          base64.encodeToString(sent.encapsulation()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java 25 runtime has ML-KEM", e);
    }
  }

  /**
   * Reads a key.
   *
   * @param text Base64 of it (PKCS #8), or {@code file:} and the path of a file with that
   * @throws IllegalArgumentException if it is anything else; the message does not repeat it
   */
  public static DecapsulationKey parse(String text) {
    try {
      byte[] encoded =
          Base64.getDecoder().decode(MasterKeyText.contentOf("decapsulationKey", text).strip());
      return new DecapsulationKey(
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "decapsulationKey must be Base64 of a private key of ML-KEM-768, or a file with it", e);
    }
  }

  /** The key that comes of one, and of what was encapsulated for this one: of both, or of none. */
  byte[] combinedWith(byte[] first, byte[] encapsulated) {
    try {
      SecretKey second = KEM.getInstance(ALGORITHM).newDecapsulator(key).decapsulate(encapsulated);
      HKDFParameterSpec spec =
          HKDFParameterSpec.ofExtract()
              .addIKM(first)
              .addIKM(second)
              .addSalt(encapsulated)
              .thenExpand(PURPOSE, MasterKey.LENGTH);
      return KDF.getInstance("HKDF-SHA256").deriveData(spec);
    } catch (DecapsulateException e) {
      throw new IllegalArgumentException("what stands behind ml-kem: is no encapsulation", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java 25 runtime has ML-KEM and HKDF", e);
    }
  }
}
