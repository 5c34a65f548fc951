package dev.gatehouse.gateway.authenticate.jwt;

/** A token does not prove who calls. Has no stack trace: it says nothing about the code. */
public final class TokenRefusedException extends Exception {
  private final TokenFault fault;

  TokenRefusedException(TokenFault fault) {
    super(fault.wireName(), null, false, false);
    this.fault = fault;
  }

  /** Why. */
  public TokenFault fault() {
    return fault;
  }
}
