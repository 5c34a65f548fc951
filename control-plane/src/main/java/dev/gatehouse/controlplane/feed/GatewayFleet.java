package dev.gatehouse.controlplane.feed;

import java.time.Duration;
import java.util.List;

/** The gateways that are alive, and how far they have come. */
public interface GatewayFleet {
  /**
   * Waits until every live gateway serves by this revision. Blocks: call it on a virtual thread,
   * after the commit.
   *
   * @param revision what {@link EdgePublisher} returned
   * @param atMost how long to wait
   * @return names of live gateways that have not applied the revision in time; empty when all have
   */
  List<String> awaitApplied(long revision, Duration atMost);

  /**
   * Waits until every live gateway serves by all changes that are committed now. Blocks: call it on
   * a virtual thread, after the commit.
   *
   * @param atMost how long to wait
   * @return names of live gateways that are not so far in time; empty when all are
   */
  List<String> awaitNewest(Duration atMost);
}
