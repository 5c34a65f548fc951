package dev.gatehouse.gateway.forward;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Whether a client keeps up so many bytes a second, on average, while it is its turn: a token
 * bucket of time, that is empty when the client is behind by its grace. So neither a byte now and
 * then nor a large beginning pays for ever. What others need the time for costs it nothing.
 */
final class MinimumRate {
  /** Asks for nothing. */
  private static final int ANY = 0;

  private final long nanosPerByte;
  private final long graceNanos;
  private long leftNanos;
  private boolean itsTurn;
  private long sinceNanos;

  /**
   * @param bytesPerSecond 0 for as slow as it likes
   * @param grace how far behind it may be
   */
  MinimumRate(int bytesPerSecond, Duration grace) {
    this.nanosPerByte = bytesPerSecond == ANY ? 0 : TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
    this.graceNanos = grace.toNanos();
    this.leftNanos = graceNanos;
  }

  /** It is the client's turn from now on. */
  void turn(long nowNanos) {
    if (!itsTurn) {
      itsTurn = true;
      sinceNanos = nowNanos;
    }
  }

  /** It is somebody else's turn. */
  void rest(long nowNanos) {
    if (itsTurn) {
      leftNanos -= nowNanos - sinceNanos;
      itsTurn = false;
    }
  }

  /** So many bytes have passed while it was the client's turn. */
  void passed(int bytes, long nowNanos) {
    if (itsTurn) {
      leftNanos -= nowNanos - sinceNanos;
      sinceNanos = nowNanos;
    }
    passed(bytes);
  }

  /** So many bytes have passed while it was not. */
  void passed(int bytes) {
    leftNanos = Math.min(graceNanos, leftNanos + bytes * nanosPerByte);
  }

  /** When it is too slow unless more has passed, or another time that is earlier. */
  long orEarlier(long nanos) {
    long end = sinceNanos + leftNanos;
    return itsTurn && nanosPerByte != 0 && end - nanos < 0 ? end : nanos;
  }

  boolean isTooSlow(long nowNanos) {
    return itsTurn && nanosPerByte != 0 && nowNanos - sinceNanos - leftNanos > 0;
  }
}
