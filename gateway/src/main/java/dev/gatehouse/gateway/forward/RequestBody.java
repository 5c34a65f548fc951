package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.http.HttpClientRequest;

/**
 * The body of a request on its way to the upstream. The client is held back until {@link #begin}.
 */
sealed interface RequestBody permits StreamedBody, WholeBody {
  /**
   * Does what must be done before there is somewhere to send it to; ends in {@link Listener#ready}.
   */
  void begin();

  /** Sends it, from its beginning. */
  void sendTo(HttpClientRequest upstream);

  /** Sends no more of it to where it went; holds the client back. */
  void detach();

  /** Reads no more of it. */
  void discard();

  /** Whether all of it that was read can be sent once more. */
  boolean canBeSentAgain();

  /** Whether all of it was sent to where it last went. */
  boolean isSent();

  /** Whether it is the client's turn. */
  boolean awaitsClient();

  /** Whether it is the client's turn, and the client behind. */
  boolean isClientBehind(long nowNanos);

  /** Whether it is the client's turn, and the client behind for longer than is forgiven. */
  boolean awaitsSlowClient(long nowNanos);

  /**
   * Until when it can wait for the client, whose turn it is.
   *
   * @param latest how long it waits in any case
   */
  long patience(long latest);

  /** Whether it is the client's turn, and the client slower than any may be. */
  boolean isTooSlow(long nowNanos);

  /** Who sends it. */
  interface Listener {
    /** The request can be sent. */
    void ready();

    /** All of it is on its way to this upstream. */
    void sent(HttpClientRequest upstream);

    /** A part of it passed, or it is the other side's turn. */
    void moved();

    /** It is not what it may be, for example too long. */
    void unacceptable(Rejection why);

    /** The client broke off. */
    void clientGone();
  }
}
