package dev.gatehouse.controlplane.feed;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads changes from the database into the {@link ChangeWindow}, once for all gateways of this
 * instance: when it is woken, and at every heartbeat in case that a notification was lost. Runs on
 * a virtual thread of its own until it is interrupted.
 */
final class ChangeReader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeReader.class);

  private final FeedStore store;
  private final ChangeWindow window;
  private final Duration heartbeat;
  private final Semaphore hints = new Semaphore(1);
  private boolean failing;

  ChangeReader(FeedStore store, ChangeWindow window, Duration heartbeat) {
    this.store = store;
    this.window = window;
    this.heartbeat = heartbeat;
  }

  /** Something may have changed. Returns at once; any thread. */
  void wake() {
    hints.release();
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        boolean _ = hints.tryAcquire(heartbeat.toNanos(), TimeUnit.NANOSECONDS);
        hints.drainPermits();
        tryToCatchUp();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryToCatchUp() throws InterruptedException {
    try {
      catchUp();
      if (failing) {
        failing = false;
        LOG.info("reading changes again, at revision {}", window.newest());
      }
    } catch (Exception e) {
      // await() throws whatever failed, checked or not.
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      if (!failing) {
        failing = true;
        LOG.error("changes cannot be read; gateways get them once the database answers", e);
      }
    }
  }

  private void catchUp() throws TimeoutException {
    Deltas deltas;
    do {
      long newest = window.newest();
      deltas = store.after(newest);
      if (deltas.follow(newest)) {
        window.append(deltas.lines(), deltas.through(), deltas.reachNewest());
      } else {
        window.restartAt(deltas.newest());
      }
    } while (!deltas.reachNewest() && window.newest() < deltas.newest());
  }
}
