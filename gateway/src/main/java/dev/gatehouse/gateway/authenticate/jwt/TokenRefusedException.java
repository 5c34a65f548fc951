package dev.gatehouse.gateway.authenticate.jwt;

/** A token does not prove who calls. Has no stack trace: it says nothing about the code. */
final class TokenRefusedException extends Exception {
  private final TokenFault fault;

  TokenRefusedException(TokenFault fault) {
    super(fault.wireName(), null, false, false);
    this.fault = fault;
  }

  TokenFault fault() {
    return fault;
  }
}
