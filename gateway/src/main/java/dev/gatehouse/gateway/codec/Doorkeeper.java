package dev.gatehouse.gateway.codec;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;

/** Which connections are read at all, and what they may take their time for. Any thread. */
public interface Doorkeeper {
  /** A socket listens whose connections are asked for. */
  void listens(Channel listener);

  /**
   * Whether a connection that was accepted may stay; nobody reads it yet.
   *
   * @param secure whether it is to begin with a handshake of TLS
   */
  boolean letsIn(Channel client, boolean secure);

  /**
   * Whether what a connection that was let in sends may be read, once its first bytes have come:
   * its source may have been shut out since.
   */
  boolean mayBegin(Channel client);

  /**
   * Ends a connection that may not stay.
   *
   * @param loop where something can be done later
   */
  void turnAway(Channel client, EventExecutor loop);

  /** How long the head of a request may take, from its first byte to its last one. */
  Duration headTimeout();

  /** One took longer, and its connection is being ended. */
  void headTookTooLong();

  /** A connection of HTTP/2 sent more than its requests need, and is being ended. */
  void flooded(Channel client);

  /**
   * A connection of HTTP/2 has ended by itself that had sent some of a flood.
   *
   * @param percent of what would have ended it
   */
  void partlyFlooded(Channel client, int percent);

  /** What cannot be read as a request was answered with this status. */
  void invalid(int status);

  /** Frames of HTTP/2 that are no part of a request, which a connection may send in a second. */
  int http2ControlFrames();
}
