package dev.gatehouse.gateway.limit;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when a test says so. */
final class ManualClock implements TimeMeter {
  private final AtomicLong micros = new AtomicLong(1_700_000_000_000_000L);

  void pass(Duration time) {
    micros.addAndGet(time.toNanos() / 1000);
  }

  long micros() {
    return micros.get();
  }

  @Override
  public long currentTimeNanos() {
    return micros.get() * 1000;
  }

  @Override
  public boolean isWallClockBased() {
    return false;
  }
}
