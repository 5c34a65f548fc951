package dev.gatehouse.contract.signature;

/** A message that must not be believed. An application answers 401 and does nothing else. */
public final class SignatureRefusedException extends Exception {
  /**
   * @param message why, in words for a log; without what was sent
   */
  public SignatureRefusedException(String message) {
    super(message, null, false, false);
  }
}
