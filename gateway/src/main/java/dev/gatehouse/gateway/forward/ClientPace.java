package dev.gatehouse.gateway.forward;

import java.util.concurrent.TimeUnit;

/**
 * Whether a client sends its body at 4 KiB a second at least, with half a second's grace: a token
 * bucket, so that neither a byte now and then nor a large beginning pays for silence.
 */
final class ClientPace {
  static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** What a client on a good line needs for its next packet, with room to spare. */
  static final long BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / 4096;

  /** When it is slow unless more has come. */
  private long slowAtNanos;

  /** It is the client's turn from now on. */
  void begin(long nowNanos) {
    slowAtNanos = nowNanos + GRACE_NANOS;
  }

  /** So much of it has come. */
  void came(int bytes, long nowNanos) {
    long paidFor = slowAtNanos + bytes * NANOS_PER_BYTE;
    long most = nowNanos + GRACE_NANOS;
    slowAtNanos = paidFor - most < 0 ? paidFor : most;
  }

  /** Whether it does not keep up, whatever grace it has left. */
  boolean isBehind(long nowNanos) {
    return nowNanos - (slowAtNanos - GRACE_NANOS + BEHIND_NANOS) > 0;
  }

  boolean isSlow(long nowNanos) {
    return nowNanos - slowAtNanos > 0;
  }
}
