package dev.gatehouse.gateway.limit;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much of one kind a tenant may have under way at once at this gateway, over all event loops.
 * Whoever took a slot gives it back to the same object, also when the limit has changed meanwhile.
 * Safe for use by many threads; never blocks.
 */
public final class Slots {
  /** Those of a tenant without a limit: does not even count. */
  public static final Slots UNLIMITED = new Slots(Integer.MAX_VALUE);

  private final AtomicInteger taken = new AtomicInteger();
  private volatile int most;

  private Slots(int most) {
    this.most = most;
  }

  /**
   * So many.
   *
   * @param most at least 1
   */
  public static Slots of(int most) {
    return new Slots(most);
  }

  /** Takes a slot if there is one; false if all are taken. */
  public boolean tryTake() {
    if (this == UNLIMITED) {
      return true;
    }
    if (taken.incrementAndGet() <= most) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  /** Gives back a slot that was taken; once for each. */
  public void giveBack() {
    if (this != UNLIMITED) {
      taken.decrementAndGet();
    }
  }

  /** Whether none is left. */
  public boolean areTaken() {
    return taken.get() >= most;
  }

  /** How many there are. */
  public int most() {
    return most;
  }

  /** How many are taken; 0 where there is no limit. */
  public int taken() {
    return taken.get();
  }

  /** Goes on with another limit: with the slots that are taken, unless there was none before. */
  Slots changed(OptionalLong limit) {
    if (limit.isEmpty()) {
      return UNLIMITED;
    }
    int clamped = Math.clamp(limit.getAsLong(), 0, Integer.MAX_VALUE);
    if (this == UNLIMITED) {
      return new Slots(clamped);
    }
    most = clamped;
    return this;
  }
}
