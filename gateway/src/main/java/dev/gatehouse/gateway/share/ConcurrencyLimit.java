package dev.gatehouse.gateway.share;

/** How many requests of one event loop may be in flight to one service. */
sealed interface ConcurrencyLimit permits FixedLimit, AdaptiveLimit {
  /** At least 1. */
  int current();

  /**
   * Learns from a request that has ended.
   *
   * @param startNanos when it was admitted
   * @param nowNanos when it ended
   * @param nanosToFirstByte from start to the head of the response; with SUCCESS only
   */
  void ended(Outcome outcome, long startNanos, long nowNanos, long nanosToFirstByte);

  /** Says that so many are in flight now, one more than before. */
  void started(int inFlight);
}
