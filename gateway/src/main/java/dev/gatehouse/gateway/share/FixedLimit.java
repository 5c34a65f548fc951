package dev.gatehouse.gateway.share;

/**
 * The limit that the service's configuration names.
 *
 * @param current the event loop's part of it
 */
record FixedLimit(int current) implements ConcurrencyLimit {
  /** Divides a gateway's limit: each loop gets as much as the others, and 1 at least. */
  static FixedLimit share(int maxRequests, int eventLoops) {
    return new FixedLimit(Math.max(1, maxRequests / eventLoops));
  }

  @Override
  public int started(int inFlight, long nowNanos) {
    return 0;
  }

  @Override
  public void ended(int began, Outcome outcome, long nowNanos, long nanosToFirstByte) {}

  /** Whoever names a limit means all requests. */
  @Override
  public boolean isHeldBack(long nanosInFlight) {
    return false;
  }
}
