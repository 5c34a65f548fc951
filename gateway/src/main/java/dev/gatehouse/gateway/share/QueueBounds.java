package dev.gatehouse.gateway.share;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;

/**
 * What may wait at one event loop for one service.
 *
 * @param waiting requests of all tenants
 * @param waitingPerTenant requests of one
 * @param maxWait for how long
 */
record QueueBounds(int waiting, int waitingPerTenant, Duration maxWait) {
  @Bound(
      of = "requests that wait for their turn at a service (`concurrency.maxWaiting` of it)",
      unit = "requests",
      atIt = "the newest request of the tenant with most waiting makes room: 503",
      metric = "gatehouse_service_refused_total{reason=\"queue-full\"}")
  private static final int MAX_WAITING = 10_000;

  @Bound(
      of = "those of one tenant (`concurrency.maxWaitingPerTenant`)",
      unit = "requests",
      atIt = "one more is answered 503",
      metric = "gatehouse_service_refused_total{reason=\"tenant-queue-full\"}")
  private static final int MAX_WAITING_PER_TENANT = 1000;

  @Bound(
      of = "how long one may wait (`concurrency.maxWait`)",
      atIt = "503",
      metric = "gatehouse_service_refused_total{reason=\"waited-too-long\"}")
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);

  /** An event loop's part of what a service's settings say for the gateway. */
  static QueueBounds of(Concurrency settings, int eventLoops) {
    return new QueueBounds(
        part(settings.maxWaiting().orElse(MAX_WAITING), eventLoops),
        part(settings.maxWaitingPerTenant().orElse(MAX_WAITING_PER_TENANT), eventLoops),
        settings.maxWait().orElse(MAX_WAIT));
  }

  /** 0 stays 0: nothing may wait. Otherwise one at least. */
  private static int part(int ofGateway, int eventLoops) {
    return ofGateway == 0 ? 0 : Math.max(1, ofGateway / eventLoops);
  }
}
