package dev.gatehouse.gateway.share;

import java.util.function.LongSupplier;

/** A clock that moves only when a test says so. */
final class ManualTime implements LongSupplier {
  private long nanos = 1;

  void passMillis(long millis) {
    nanos += millis * 1_000_000;
  }

  @Override
  public long getAsLong() {
    return nanos;
  }
}
