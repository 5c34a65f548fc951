package dev.gatehouse.gateway.limit;

import io.github.bucket4j.TimeMeter;
import java.util.function.LongSupplier;

/**
 * The time by which buckets refill.
 *
 * @param local for the buckets of this gateway
 * @param sharedMicros for the shared buckets, microseconds since the epoch; 0 leaves it to Redis,
 *     so that the clocks of the gateways need not agree
 */
record LimitClock(TimeMeter local, LongSupplier sharedMicros) {
  static final LimitClock SYSTEM = new LimitClock(TimeMeter.SYSTEM_NANOTIME, () -> 0);
}
