package dev.gatehouse.deploy.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was started, to be stopped in the opposite order. Safe for use by many threads. */
final class Parts {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private boolean stopping;

  /** The demo is to stop, though it has not finished its start. */
  static final class StoppedException extends RuntimeException {
    StoppedException() {
      super("the demo is stopping");
    }
  }

  /**
   * Remembers a part.
   *
   * @throws StoppedException if it came too late; it is stopped
   */
  <T extends AutoCloseable> T keep(T part) {
    synchronized (this) {
      if (!stopping) {
        started.push(part);
        return part;
      }
    }
    stop(part);
    throw new StoppedException();
  }

  /** Says that the parts will be stopped; false if that was said before. */
  synchronized boolean beginStop() {
    boolean first = !stopping;
    stopping = true;
    return first;
  }

  synchronized boolean isStopping() {
    return stopping;
  }

  /** Stops the parts, each within its own bound. */
  void stopAll() {
    for (AutoCloseable part : started) {
      stop(part);
    }
  }

  private static void stop(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new IllegalStateException("a part of the demo did not stop", e);
    }
  }
}
