package dev.gatehouse.gateway.share;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many requests may be sent again: a part of the live requests of the last ten seconds, and a
 * few each second, so that a service with little traffic can be retried at all. Retries thus cannot
 * multiply the load of a service that fails. As Finagle and Linkerd do, with their defaults: 20 %,
 * and 10 a second over all event loops (1 at least for each).
 *
 * <p>Belongs to one event loop; constant time.
 */
public final class RetryBudget {
  static final int DEFAULT_PERCENT = 20;

  private static final int SLOTS = 10;
  private static final int FREE_PER_SECOND = 10;
  private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier clock;
  private final int free;
  private final int[] requests = new int[SLOTS];
  private final int[] retries = new int[SLOTS];
  private int percent;
  private int slot;
  private long slotStart;
  private long allRequests;
  private long allRetries;

  RetryBudget(int percent, int eventLoops, LongSupplier clock) {
    this.percent = percent;
    this.clock = clock;
    this.free = Math.max(1, FREE_PER_SECOND / eventLoops) * SLOTS;
    this.slotStart = clock.getAsLong();
  }

  /**
   * Takes one retry; false if there have been as many as there may be. A hedge is one too.
   *
   * @return whether the request may be sent again
   */
  public boolean tryRetry() {
    advance(clock.getAsLong());
    if (percent == 0 || (allRetries - free) * 100 >= allRequests * percent) {
      return false;
    }
    retries[slot]++;
    allRetries++;
    return true;
  }

  void percent(int changed) {
    percent = changed;
  }

  /** Counts a request that is no retry. */
  void request(long nowNanos) {
    advance(nowNanos);
    requests[slot]++;
    allRequests++;
  }

  private void advance(long nowNanos) {
    long passed = (nowNanos - slotStart) / SLOT_NANOS;
    if (passed <= 0) {
      return;
    }
    slotStart += passed * SLOT_NANOS;
    for (long i = Math.min(passed, SLOTS); i > 0; i--) {
      slot = (slot + 1) % SLOTS;
      allRequests -= requests[slot];
      allRetries -= retries[slot];
      requests[slot] = 0;
      retries[slot] = 0;
    }
  }
}
