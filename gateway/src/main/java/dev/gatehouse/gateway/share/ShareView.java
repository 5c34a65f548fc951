package dev.gatehouse.gateway.share;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeService;
import io.vertx.core.json.JsonObject;

/**
 * What holds of a service's requests at a gateway, over all event loops, as of the last 50 ms.
 *
 * @param found whether the gateway finds the limit by itself
 * @param limit requests that may be in flight
 * @param inFlight requests sent and not yet answered
 * @param waiting requests that wait for their turn
 * @param mayWait how many may
 * @param tenantWaiting those of the tenant that was asked for
 * @param tenantMayWait how many may of one tenant
 */
public record ShareView(
    boolean found,
    int limit,
    int inFlight,
    int waiting,
    int mayWait,
    int tenantWaiting,
    int tenantMayWait) {
  /** Where no request has been sent yet. */
  static ShareView unused(EdgeService service) {
    Concurrency concurrency = service.concurrency().orElse(Concurrency.DEFAULT);
    QueueBounds bounds = QueueBounds.of(concurrency, 1);
    return new ShareView(
        concurrency.maxRequests().isEmpty(),
        concurrency.maxRequests().orElse(AdaptiveLimit.START),
        0,
        0,
        bounds.waiting(),
        0,
        bounds.waitingPerTenant());
  }

  ShareView with(int inFlightNow, int limitNow, int waitingNow, int tenantWaitingNow) {
    return new ShareView(
        found, limitNow, inFlightNow, waitingNow, mayWait, tenantWaitingNow, tenantMayWait);
  }

  /** As the admin port says it. */
  public JsonObject described() {
    return JsonObject.of(
        "limit",
        limit,
        "limitIs",
        found ? "found" : "fixed",
        "inFlight",
        inFlight,
        "waiting",
        waiting,
        "mayWait",
        mayWait,
        "tenantWaiting",
        tenantWaiting,
        "tenantMayWait",
        tenantMayWait);
  }
}
