package dev.gatehouse.contract.signature;

/** A message without something that is to be signed, or with something that cannot be. */
public final class UnsignableMessageException extends Exception {
  /**
   * @param message which component, and why; without its value
   */
  public UnsignableMessageException(String message) {
    super(message, null, false, false);
  }
}
