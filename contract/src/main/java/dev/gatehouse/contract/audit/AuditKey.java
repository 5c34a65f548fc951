package dev.gatehouse.contract.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A public key that verifies checkpoints.
 *
 * @param id SHA-256 of the encoded key, in hexadecimal
 * @param algorithm how it signs
 * @param publicKey SubjectPublicKeyInfo (RFC 5280) in Base64
 */
public record AuditKey(String id, Algorithm algorithm, String publicKey) {

  /** How checkpoints are signed: each of them in both ways. */
  public enum Algorithm {
    /** RFC 8032. */
    ED25519("Ed25519"),
    /** FIPS 204, which a quantum computer does not break. */
    ML_DSA_65("ML-DSA-65");

    private final String standardName;

    Algorithm(String standardName) {
      this.standardName = standardName;
    }

    /** The name that Java and all documents use. */
    public String standardName() {
      return standardName;
    }

    /**
     * The algorithm of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Algorithm of(String name) {
      for (Algorithm algorithm : values()) {
        if (algorithm.standardName.equals(name)) {
          return algorithm;
        }
      }
      throw new IllegalArgumentException(
          "algorithm must be Ed25519 or ML-DSA-65, found \"" + name + "\"");
    }
  }

  /** A key with its id. */
  public static AuditKey of(Algorithm algorithm, PublicKey key) {
    return of(algorithm, Base64.getEncoder().encodeToString(key.getEncoded()));
  }

  /**
   * A key with its id.
   *
   * @throws IllegalArgumentException if it is no Base64
   */
  public static AuditKey of(Algorithm algorithm, String publicKey) {
    byte[] encoded = Base64.getDecoder().decode(publicKey);
    return new AuditKey(HexFormat.of().formatHex(Sha256.of(encoded)), algorithm, publicKey);
  }

  /** Makes a new pair of keys. */
  public static KeyPair generate(Algorithm algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm.standardName).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw missing(algorithm, e);
    }
  }

  /**
   * Signs.
   *
   * @param privateKey encoded as PKCS#8
   * @throws IllegalArgumentException if it is no private key of this algorithm
   */
  public static byte[] sign(Algorithm algorithm, byte[] privateKey, byte[] message) {
    try {
      PrivateKey key =
          KeyFactory.getInstance(algorithm.standardName)
              .generatePrivate(new PKCS8EncodedKeySpec(privateKey));
      Signature signature = Signature.getInstance(algorithm.standardName);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("this is no key for " + algorithm.standardName, e);
    }
  }

  /** Whether this key has signed the message. */
  public boolean verifies(byte[] message, byte[] signed) {
    try {
      PublicKey key =
          KeyFactory.getInstance(algorithm.standardName)
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
      Signature signature = Signature.getInstance(algorithm.standardName);
      signature.initVerify(key);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return false;
    }
  }

  private static IllegalStateException missing(Algorithm algorithm, Exception cause) {
    return new IllegalStateException("every Java 25 has " + algorithm.standardName, cause);
  }
}
