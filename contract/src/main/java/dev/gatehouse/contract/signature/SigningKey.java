package dev.gatehouse.contract.signature;

import static dev.gatehouse.contract.signature.SignatureAlgorithm.ED25519;
import static dev.gatehouse.contract.signature.SignatureAlgorithm.HMAC_SHA256;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Optional;

/** A key that signs messages. Safe for use by many threads. */
public final class SigningKey {
  private final String keyid;
  private final SignatureAlgorithm algorithm;
  private final Primitive primitive;

  private SigningKey(String keyid, SignatureAlgorithm algorithm, Primitive primitive) {
    this.keyid = Keyids.checked(keyid);
    this.algorithm = algorithm;
    this.primitive = primitive;
  }

  /** One way to sign. */
  @FunctionalInterface
  private interface Primitive {
    byte[] sign(byte[] base) throws GeneralSecurityException;
  }

  /** A new Ed25519 private key as a JWK (RFC 8037); its {@code kid} is its thumbprint. */
  public static String generateEd25519() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      byte[] encoded = pair.getPublic().getEncoded();
      byte[] point =
          Arrays.copyOfRange(encoded, encoded.length - Ed25519.KEY_LENGTH, encoded.length);
      return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
          .d(Base64URL.encode(seed))
          .keyUse(KeyUse.SIGNATURE)
          .keyIDFromThumbprint()
          .build()
          .toJSONString();
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException("every Java runtime has Ed25519", e);
    }
  }

  /**
   * A key from a JWK, with the JDK's own cryptography: an Ed25519 signature takes it most of a
   * millisecond, thirty times as long as a native provider: too long for an event loop.
   *
   * @param jwk with a {@code kid}: a private Ed25519 key ({@code OKP}) or a secret ({@code oct})
   * @throws IllegalArgumentException if it is anything else
   */
  public static SigningKey of(String jwk) {
    return of(jwk, Optional.empty());
  }

  /**
   * A key from a JWK.
   *
   * @param jwk with a {@code kid}: a private Ed25519 key ({@code OKP}) or a secret ({@code oct})
   * @param provider whose cryptography to use; the JDK's own if empty
   * @throws IllegalArgumentException if the key is anything else
   */
  public static SigningKey of(String jwk, Optional<Provider> provider) {
    try {
      return switch (JWK.parse(jwk)) {
        case OctetKeyPair pair
            when Curve.Ed25519.equals(pair.getCurve())
                && pair.isPrivate()
                && pair.getKeyID() != null ->
            ed25519(pair, provider);
        case OctetSequenceKey secret when secret.getKeyID() != null ->
            hmacSha256(secret.getKeyID(), secret.toByteArray(), provider);
        default -> throw new IllegalArgumentException(expected());
      };
    } catch (ParseException e) {
      throw new IllegalArgumentException(expected(), e);
    }
  }

  /**
   * A shared secret.
   *
   * @param secret at least 32 bytes
   * @throws IllegalArgumentException if it is shorter
   */
  public static SigningKey hmacSha256(String keyid, byte[] secret) {
    return hmacSha256(keyid, secret, Optional.empty());
  }

  /**
   * A shared secret.
   *
   * @param secret at least 32 bytes
   * @param provider whose cryptography to use; the JDK's own if empty
   * @throws IllegalArgumentException if the secret is shorter
   */
  public static SigningKey hmacSha256(String keyid, byte[] secret, Optional<Provider> provider) {
    return new SigningKey(keyid, HMAC_SHA256, new HmacSha256(secret, provider)::of);
  }

  private static SigningKey ed25519(OctetKeyPair pair, Optional<Provider> provider) {
    try {
      PrivateKey key =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(
                  new EdECPrivateKeySpec(NamedParameterSpec.ED25519, pair.getDecodedD()));
      Pool<Signature> signatures =
          new Pool<>(() -> {
            Signature signature = Ed25519.newSignature(provider);
            signature.initSign(key);
            return signature;
          });
      return new SigningKey(
          pair.getKeyID(),
          ED25519,
          base -> {
            Signature signature = signatures.take();
            signature.update(base);
            byte[] signed = signature.sign();
            signatures.giveBack(signature);
            return signed;
          });
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(expected(), e);
    }
  }

  private static String expected() {
    return "a signing key must be a private Ed25519 key or a secret, as a JWK with a kid";
  }

  /** Its name. */
  public String keyid() {
    return keyid;
  }

  /** How it signs. */
  public SignatureAlgorithm algorithm() {
    return algorithm;
  }

  byte[] sign(byte[] base) {
    try {
      return primitive.sign(base);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing with key " + keyid + " failed", e);
    }
  }
}
