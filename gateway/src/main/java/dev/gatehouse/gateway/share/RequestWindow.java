package dev.gatehouse.gateway.share;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The mean response time of a number of requests that began one after the other, of all of them:
 * the mean of those that ended within some time would be too short, as those that take long have
 * not, and the more so the slower the service. Any thread.
 */
final class RequestWindow {
  private static final double MOST_DROPPED = 0.1;

  /** An answer that takes so many times the mean is held back on purpose: nobody waits for it. */
  static final double STRAGGLER = 10;

  private final int number;
  private final int size;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger succeeded = new AtomicInteger();
  private final AtomicInteger dropped = new AtomicInteger();
  private final AtomicLong nanosToFirstByte = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Of two threads that raise it at once, one may win: a little less is as good. */
  private volatile int mostInFlight;

  private volatile long lastBeganNanos;

  /**
   * @param number which of its limit's windows it is
   * @param size how many requests, at least 1
   */
  RequestWindow(int number, int size) {
    this.number = number;
    this.size = size;
  }

  int number() {
    return number;
  }

  /**
   * One more is in flight.
   *
   * @param inFlight of one event loop
   * @return whether it is one of this window's
   */
  boolean begin(int inFlight, long nowNanos) {
    if (inFlight > mostInFlight) {
      mostInFlight = inFlight;
    }
    if (begun.get() >= size || begun.incrementAndGet() > size) {
      return false;
    }
    lastBeganNanos = nowNanos;
    return true;
  }

  /** One of this window's has ended. */
  void end(Outcome outcome, long nanos) {
    if (outcome == Outcome.SUCCESS) {
      nanosToFirstByte.addAndGet(nanos);
      succeeded.incrementAndGet();
    }
    ended.incrementAndGet();
  }

  /** One was dropped while this window was open, whenever it began. */
  void drop() {
    dropped.incrementAndGet();
  }

  /** Whether more than a tenth was dropped. */
  boolean isOverloaded() {
    return dropped.get() > MOST_DROPPED * size;
  }

  /** Whether all have ended that will in a reasonable time. */
  boolean isComplete(long nowNanos) {
    return begun.get() >= size && (ended.get() == size || hasOnlyStragglers(nowNanos));
  }

  private boolean hasOnlyStragglers(long nowNanos) {
    return 2 * ended.get() > size && nowNanos - lastBeganNanos > STRAGGLER * meanNanos();
  }

  /** Whether more than half succeeded: the mean of fewer says little. */
  boolean hasMean() {
    return 2 * succeeded.get() > size;
  }

  /** The mean time to the first byte of those that succeeded; 1 at least. */
  double meanNanos() {
    return Math.max(1, (double) nanosToFirstByte.get() / Math.max(1, succeeded.get()));
  }

  /** The most that one event loop had in flight at once, whenever they began. */
  int mostInFlight() {
    return mostInFlight;
  }

  /** Whether this call, and no other, is to conclude from it. */
  boolean close() {
    return closed.compareAndSet(false, true);
  }
}
