package dev.gatehouse.gateway.sign;

import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import java.text.ParseException;
import java.util.Arrays;

/**
 * A secret that all gateways know: it seals what a browser carries while its user logs in.
 *
 * @param kid names it
 * @param secret 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out; compared by content.
public record LoginKey(String kid, byte[] secret) {
  /** Of the secret, in bytes. */
  public static final int LENGTH = 32;

  /**
   * @throws IllegalArgumentException if the secret is of another length
   */
  public LoginKey {
    secret = secret.clone();
    if (secret.length != LENGTH) {
      throw new IllegalArgumentException(
          "a login key must have " + LENGTH + " bytes, found " + secret.length);
    }
  }

  /**
   * What the control plane sent.
   *
   * @throws IllegalArgumentException if it is no secret
   */
  static LoginKey of(EdgeSigningKey key) {
    try {
      return new LoginKey(key.kid(), OctetSequenceKey.parse(key.jwk()).toByteArray());
    } catch (ParseException e) {
      throw new IllegalArgumentException("a login key must be a secret as a JWK", e);
    }
  }

  /** A copy. */
  @Override
  public byte[] secret() {
    return secret.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LoginKey(String otherKid, byte[] otherSecret)
        && kid.equals(otherKid)
        && Arrays.equals(secret, otherSecret);
  }

  @Override
  public int hashCode() {
    return kid.hashCode();
  }

  @Override
  public String toString() {
    return "LoginKey[kid=" + kid + "]";
  }
}
