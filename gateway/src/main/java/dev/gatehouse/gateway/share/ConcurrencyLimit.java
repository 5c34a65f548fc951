package dev.gatehouse.gateway.share;

/** How many requests of one event loop may be in flight to one service. */
sealed interface ConcurrencyLimit permits FixedLimit, AdaptiveLimit {
  /** At least 1. */
  int current();

  /**
   * Says that so many of the event loop are in flight now, one more than before.
   *
   * @return what the one more is to be ended with
   */
  int started(int inFlight, long nowNanos);

  /**
   * Learns from a request that has ended.
   *
   * @param began what {@link #started} returned for it
   * @param nowNanos when it ended
   * @param nanosToFirstByte from start to the head of the response; with SUCCESS only
   */
  void ended(int began, Outcome outcome, long nowNanos, long nanosToFirstByte);

  /**
   * Whether a request in flight is held back on purpose: its time says nothing of the load.
   *
   * @param nanosInFlight for how long it has been
   */
  boolean isHeldBack(long nanosInFlight);
}
