package dev.gatehouse.egress;

/** Nothing could be fetched. The message says why, as a sentence of its own without a full stop. */
public final class EgressException extends RuntimeException {
  EgressException(String message) {
    super(message, null, false, false);
  }
}
