package dev.gatehouse.controlplane.feed;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * When a thread looks at the database: after a notification and, as one may be lost, once a second
 * while somebody waits.
 */
final class Hints {
  private static final long REREAD_MILLIS = 1_000;

  private final Semaphore hints = new Semaphore(0);

  /** There may be something new. Returns at once; any thread. */
  void give() {
    hints.release();
  }

  /**
   * Looks whenever it is time, until this thread is interrupted.
   *
   * @param somebodyWaits asked before each wait
   * @param look handles what goes wrong itself
   */
  void follow(BooleanSupplier somebodyWaits, Runnable look) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (somebodyWaits.getAsBoolean()) {
          boolean _ = hints.tryAcquire(REREAD_MILLIS, TimeUnit.MILLISECONDS);
        } else {
          hints.acquire();
        }
        hints.drainPermits();
        look.run();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
