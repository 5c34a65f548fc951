package dev.gatehouse.controlplane.feed;

import java.time.Duration;
import java.util.List;

/** The gateways that are connected now. */
public interface GatewayFleet {

  /**
   * Waits, on a virtual thread, until every live gateway serves by the revision or the time is up.
   *
   * @return names of the live gateways that have not applied it; empty when all have
   */
  List<String> awaitApplied(long revision, Duration atMost);
}
