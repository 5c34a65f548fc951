package dev.gatehouse.gateway.codec;

/**
 * Told along the pipeline, as a user event, when the chunks of a request's body cannot be read (RFC
 * 9112 section 7.1). Whoever holds that request takes it, and answers; if nobody does, the codec
 * closes the connection.
 */
public final class BrokenBody {
  private boolean taken;

  BrokenBody() {}

  /** The request will be answered, and its connection closed, by the caller. */
  public void take() {
    taken = true;
  }

  boolean isTaken() {
    return taken;
  }
}
