package dev.gatehouse.contract.signature;

import static dev.gatehouse.contract.signature.SignatureAlgorithm.ED25519;
import static dev.gatehouse.contract.signature.SignatureAlgorithm.HMAC_SHA256;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.Optional;

/** A key that verifies messages. Safe for use by many threads. */
public final class VerifyingKey {
  /** What stands before the 32 bytes of every Ed25519 public key (RFC 8410 section 4). */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ED25519_SIGNATURE_LENGTH = 64;

  private final String keyid;
  private final SignatureAlgorithm algorithm;
  private final Primitive primitive;

  private VerifyingKey(String keyid, SignatureAlgorithm algorithm, Primitive primitive) {
    this.keyid = Keyids.checked(keyid);
    this.algorithm = algorithm;
    this.primitive = primitive;
  }

  /** One way to verify. */
  @FunctionalInterface
  private interface Primitive {
    boolean verifies(byte[] base, byte[] signature) throws GeneralSecurityException;
  }

  /**
   * A key from a JWK, with the JDK's own cryptography.
   *
   * @param jwk with a {@code kid}: an Ed25519 key ({@code OKP}) or a secret ({@code oct})
   * @throws IllegalArgumentException if it is anything else
   */
  public static VerifyingKey of(String jwk) {
    return of(jwk, Optional.empty());
  }

  /**
   * A key from a JWK.
   *
   * @param jwk with a {@code kid}: an Ed25519 key ({@code OKP}) or a secret ({@code oct})
   * @param provider whose cryptography to use; the JDK's own if empty
   * @throws IllegalArgumentException if the key is anything else
   */
  public static VerifyingKey of(String jwk, Optional<Provider> provider) {
    try {
      return of(JWK.parse(jwk), provider)
          .orElseThrow(() -> new IllegalArgumentException(expected()));
    } catch (ParseException e) {
      throw new IllegalArgumentException(expected(), e);
    }
  }

  /** The key, if it is one that verifies messages. */
  static Optional<VerifyingKey> of(JWK jwk, Optional<Provider> provider) {
    if (jwk.getKeyID() == null) {
      return Optional.empty();
    }
    return switch (jwk) {
      case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) ->
          Optional.of(ed25519(pair, provider));
      case OctetSequenceKey secret ->
          Optional.of(hmacSha256(secret.getKeyID(), secret.toByteArray(), provider));
      default -> Optional.empty();
    };
  }

  /**
   * A shared secret.
   *
   * @param secret at least 32 bytes
   * @throws IllegalArgumentException if it is shorter
   */
  public static VerifyingKey hmacSha256(String keyid, byte[] secret) {
    return hmacSha256(keyid, secret, Optional.empty());
  }

  private static VerifyingKey hmacSha256(String keyid, byte[] secret, Optional<Provider> provider) {
    HmacSha256 mac = new HmacSha256(secret, provider);
    return new VerifyingKey(
        keyid, HMAC_SHA256, (base, signature) -> MessageDigest.isEqual(mac.of(base), signature));
  }

  private static VerifyingKey ed25519(OctetKeyPair pair, Optional<Provider> provider) {
    byte[] point = pair.getDecodedX();
    if (point.length != Ed25519.KEY_LENGTH) {
      throw new IllegalArgumentException(expected());
    }
    byte[] encoded = new byte[ED25519_PREFIX.length + point.length];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
    try {
      PublicKey key =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
      Pool<Signature> signatures =
          new Pool<>(() -> {
            Signature signature = Ed25519.newSignature(provider);
            signature.initVerify(key);
            return signature;
          });
      return new VerifyingKey(
          pair.getKeyID(),
          ED25519,
          (base, signed) -> {
            if (signed.length != ED25519_SIGNATURE_LENGTH) {
              return false;
            }
            Signature signature = signatures.take();
            signature.update(base);
            boolean verified = signature.verify(signed);
            signatures.giveBack(signature);
            return verified;
          });
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(expected(), e);
    }
  }

  private static String expected() {
    return "a verifying key must be an Ed25519 key or a secret, as a JWK with a kid";
  }

  /** Its name. */
  public String keyid() {
    return keyid;
  }

  /** The only algorithm that it verifies. */
  public SignatureAlgorithm algorithm() {
    return algorithm;
  }

  boolean verifies(byte[] base, byte[] signature) {
    try {
      return primitive.verifies(base, signature);
    } catch (GeneralSecurityException _) {
      // The JDK throws at some malformed signatures, and says false to others.
      return false;
    }
  }
}
