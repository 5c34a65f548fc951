package dev.gatehouse.gateway.authenticate.jwt;

import java.util.Locale;

/**
 * Why a token is refused. The client is told of those that only the holder of a genuine token can
 * meet; of the others it learns that the credential is not valid here.
 */
public enum TokenFault {
  MALFORMED(""),
  ALGORITHM(""),
  UNKNOWN_ISSUER(""),
  UNKNOWN_KEY(""),
  SIGNATURE(""),
  TYPE("The token is of another type than an access token."),
  EXPIRED("The token has expired."),
  NOT_YET_VALID("The token is not valid yet."),
  AUDIENCE("The token is for another audience."),
  CLAIMS("The token lacks a claim that this tenant requires, or has it with another value."),
  REVOKED("The token has been revoked."),
  UNSUPPORTED_CONFIRMATION("The token is bound to its holder in a way that is not supported here."),
  CONFIRMATION("The token is bound to a client certificate that did not come with it.");

  private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final String told;

  TokenFault(String told) {
    this.told = told;
  }

  /** The name in metrics and in explanations. */
  public String wireName() {
    return wireName;
  }

  /** What the client is told; empty for nothing in particular. */
  public String told() {
    return told;
  }
}
