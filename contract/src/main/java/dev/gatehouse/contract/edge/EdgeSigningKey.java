package dev.gatehouse.contract.edge;

import java.time.Instant;

/**
 * A key with which gateways sign the tenant's context. It is published before it signs and after it
 * has signed, so that no verifier meets a signature whose key it cannot know.
 *
 * @param kid names the key in the JWKS and in every signature
 * @param jwk the private key as a JWK (RFC 7517); never logged
 * @param signsFrom from when on gateways sign with it; of all keys whose time has come, the newest
 *     signs
 * @param publishedUntil from when on it is no longer in the JWKS
 */
public record EdgeSigningKey(String kid, String jwk, Instant signsFrom, Instant publishedUntil)
    implements EdgeObject {

  @Override
  public Kind kind() {
    return Kind.SIGNING_KEY;
  }

  @Override
  public String key() {
    return kid;
  }

  @Override
  public String toString() {
    return "EdgeSigningKey[kid="
        + kid
        + ", signsFrom="
        + signsFrom
        + ", publishedUntil="
        + publishedUntil
        + "]";
  }
}
