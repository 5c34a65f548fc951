package dev.gatehouse.controlplane.health;

import java.util.List;
import java.util.Optional;

/**
 * What was asked of a tenant lately.
 *
 * @param window of which time
 * @param requests all of them
 * @param failed that were answered with a 5xx status, by the service or by a gateway
 * @param limited that were refused for a limit of the tenant
 * @param latency how many took how long, as {@link dev.gatehouse.contract.usage.LatencyBuckets}
 * @param busiestMinute how many were let in, in the minute that had the most
 * @param worst which service failed most often, where some did
 */
record Traffic(
    Window window,
    long requests,
    long failed,
    long limited,
    List<Long> latency,
    long busiestMinute,
    Optional<FailingService> worst) {
  /** Of fewer requests nothing is said. */
  static final int ENOUGH = 20;

  /** A service, and how many requests to it were answered with a 5xx status. */
  record FailingService(String name, long failed) {}

  /** The same, with the service that failed most often. */
  Traffic withWorst(Optional<FailingService> found) {
    return new Traffic(window, requests, failed, limited, latency, busiestMinute, found);
  }

  /** A time that is looked at. */
  enum Window {
    TEN_MINUTES(10, "the last ten minutes"),
    /** Where ten minutes have too few requests. */
    HOUR(60, "the last hour");

    private final int minutes;
    private final String words;

    Window(int minutes, String words) {
      this.minutes = minutes;
      this.words = words;
    }

    int minutes() {
      return minutes;
    }

    String words() {
      return words;
    }

    /** As a part of a sentence. */
    String within() {
      return "in " + words;
    }
  }

  /** Those that were not refused for a limit. */
  long served() {
    return Math.max(0, requests - limited);
  }

  long timed() {
    return latency.stream().mapToLong(Long::longValue).sum();
  }
}
