package dev.gatehouse.egress;

/** Nothing could be fetched. The message says why, as a sentence of its own without a full stop. */
public final class EgressException extends RuntimeException {
  EgressException(String message) {
    super(message, null, false, false);
  }

  /**
   * @param cause for logs; not for those who named the URL, who could look around with it
   */
  EgressException(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
