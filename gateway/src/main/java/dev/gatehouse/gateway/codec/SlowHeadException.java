package dev.gatehouse.gateway.codec;

/** The head of a request did not come in its time. */
final class SlowHeadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SlowHeadException() {
    super("the head of the request took too long", null, false, false);
  }
}
