package dev.gatehouse.gateway.upstream;

import java.util.Optional;

/**
 * What is known of one target's fitness: what checks say of it, and what live requests say. Times
 * are on the clock of the pool, in nanoseconds. Written under the pool's lock; only {@link
 * #warmFrom} is read outside of it.
 */
final class Fitness {
  /** Not warming up. */
  static final long WARM = Long.MIN_VALUE;

  private boolean healthy = true;
  private boolean checked;
  private String healthReason = "not checked";
  private int streak;

  private boolean ejected;
  private String ejectionReason = "";
  private long ejectedUntil;
  private long returnedAt;
  private int ejections;

  private long since;
  private volatile long warmFrom;

  Fitness(long now, boolean warmsUp) {
    this.since = now;
    this.returnedAt = now;
    this.warmFrom = warmsUp ? now : WARM;
  }

  /**
   * Counts the answer to a check.
   *
   * @param failure what was wrong; empty if nothing was
   * @return whether it became healthy or unhealthy by this
   */
  boolean checked(Optional<String> failure, int healthyAfter, int unhealthyAfter, long now) {
    checked = true;
    boolean good = failure.isEmpty();
    if (good == healthy) {
      streak = 0;
      healthReason = failure.orElse("checks succeed");
      return false;
    }
    streak++;
    if (streak < (good ? healthyAfter : unhealthyAfter)) {
      return false;
    }
    healthy = good;
    healthReason = failure.orElse("checks succeed");
    streak = 0;
    since = now;
    if (healthy) {
      warmFrom = now;
    }
    return true;
  }

  /** There are no checks any more: nothing is known against it. */
  void unchecked(long now) {
    if (checked) {
      since = healthy ? since : now;
      checked = false;
      healthy = true;
      streak = 0;
      healthReason = "not checked";
    }
  }

  /**
   * Takes it out for a time that grows by {@code time} with each ejection, up to {@code longest}.
   * It starts from the beginning once the target was in for as long as the longest.
   */
  void eject(String reason, long time, long longest, long now) {
    ejections = now - returnedAt > longest ? 1 : ejections + 1;
    ejected = true;
    ejectionReason = reason;
    ejectedUntil = now + Math.min(longest, Math.multiplyExact(time, (long) ejections));
    since = now;
  }

  /** Lets it in again if its time is over. */
  boolean returnIfDue(long now) {
    return ejected && now - ejectedUntil >= 0 && comeBack(now);
  }

  /** Lets it in again. */
  boolean comeBack(long now) {
    ejected = false;
    returnedAt = now;
    since = now;
    warmFrom = now;
    return true;
  }

  boolean healthy() {
    return healthy;
  }

  boolean ejected() {
    return ejected;
  }

  boolean fit() {
    return healthy && !ejected;
  }

  /** Since when it is as it is. */
  long since() {
    return since;
  }

  long ejectedUntil() {
    return ejectedUntil;
  }

  /** When its share began to grow; {@link #WARM} if it never had to. */
  long warmFrom() {
    return warmFrom;
  }

  /** One word for its state. */
  String state() {
    return ejected ? "ejected" : healthy ? "healthy" : "unhealthy";
  }

  /** Why, in words. */
  String reason() {
    return ejected ? ejectionReason : healthReason;
  }
}
