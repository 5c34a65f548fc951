package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;

/** Waits for what must come to hold. */
public final class Eventually {
  private static final long MOST_SECONDS = 30;

  private Eventually() {}

  /** Something that holds at last. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  /** Returns when it holds; fails if it does not in time. */
  public static void holds(Condition condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!condition.holds()) {
      assertThat(System.nanoTime() - end).as("in time").isNegative();
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
