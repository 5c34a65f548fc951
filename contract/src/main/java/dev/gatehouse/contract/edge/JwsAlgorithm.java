package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * The algorithms by which a token may be signed: all asymmetric ones of RFC 7518 section 3.1 and
 * RFC 8037. There is no {@code none} and none with a shared secret: who can verify must not be able
 * to sign.
 */
public enum JwsAlgorithm implements WireName {
  RS256("RS256"),
  RS384("RS384"),
  RS512("RS512"),
  PS256("PS256"),
  PS384("PS384"),
  PS512("PS512"),
  ES256("ES256"),
  ES384("ES384"),
  ES512("ES512"),
  /** Ed25519. */
  EDDSA("EdDSA");

  private final String wireName;

  JwsAlgorithm(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /**
   * Reads {@link #wireName()} back.
   *
   * @throws IllegalArgumentException if there is no such algorithm
   */
  @JsonCreator
  public static JwsAlgorithm fromWireName(String name) {
    return WireName.parse("algorithm", values(), name);
  }
}
