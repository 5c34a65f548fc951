package dev.gatehouse.controlplane.database;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when the database begins to fail and when it is back: two lines, however much is
 * refused between them. An outage is over at the first answer after a second without a refusal, so
 * that a database that comes and goes is one outage. Any thread.
 */
final class OutageLog {
  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
  private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanoClock;
  private volatile boolean out;
  private long began;
  private long lastRefusal;
  private long refused;

  /**
   * @param nanoClock as {@link System#nanoTime()}
   */
  OutageLog(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** The database could not be used. */
  synchronized void refused(String why) {
    lastRefusal = nanoClock.getAsLong();
    if (!out) {
      out = true;
      began = lastRefusal;
      refused = 0;
      LOG.warn("an outage of the database begins, what needs it is refused: {}", why);
    }
    refused++;
  }

  /** The database was used. */
  void answered() {
    if (out) {
      endIfQuiet();
    }
  }

  private synchronized void endIfQuiet() {
    long now = nanoClock.getAsLong();
    if (out && now - lastRefusal >= QUIET_NANOS) {
      out = false;
      LOG.warn(
          "the outage of the database is over, calls refused in {} s: {}",
          Duration.ofNanos(lastRefusal - began).toSeconds(),
          refused);
    }
  }
}
