package dev.gatehouse.contract.context;

/** A context that must not be believed. An application answers 401 and does nothing else. */
public final class ContextRefusedException extends Exception {
  /**
   * @param message why, in words for a log; without the token
   */
  public ContextRefusedException(String message) {
    super(message);
  }
}
