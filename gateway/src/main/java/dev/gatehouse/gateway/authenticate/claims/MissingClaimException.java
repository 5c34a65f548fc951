package dev.gatehouse.gateway.authenticate.claims;

/** A claim that is needed is not there, or has another value, or is too long. */
public final class MissingClaimException extends Exception {
  MissingClaimException() {
    super("a claim is missing", null, false, false);
  }
}
