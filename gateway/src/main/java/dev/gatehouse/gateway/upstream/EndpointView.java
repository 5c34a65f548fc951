package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.contract.edge.EndpointReport.EndpointHealth;
import dev.gatehouse.contract.edge.EndpointReport.ServiceHealth;
import dev.gatehouse.contract.edge.EndpointReport.State;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The endpoints of services as the control plane is told of them. What does not change looks the
 * same each time.
 */
final class EndpointView {
  private final Instant wallClock;
  private final long ticks;
  private int room = EndpointReport.MAX_ENDPOINTS;
  private int omitted;

  /**
   * @param wallClock the time at which the clock of the pools had these ticks
   */
  EndpointView(Instant wallClock, long ticks) {
    this.wallClock = wallClock;
    this.ticks = ticks;
  }

  /** Without a breaker. */
  ServiceHealth of(ServicePools pools) {
    List<EndpointHealth> endpoints = new ArrayList<>();
    pools
        .shared()
        .describe((endpoint, dnsFailure, targets) -> {
          if (targets.isEmpty()) {
            add(endpoints, unresolved(pools.shared(), endpoint, dnsFailure));
          }
          targets.forEach(target -> add(endpoints, of(endpoint, target)));
        });
    return new ServiceHealth(pools.name(), endpoints, Optional.empty());
  }

  /** How many there was no room for. */
  int omitted() {
    return omitted;
  }

  private void add(List<EndpointHealth> endpoints, EndpointHealth one) {
    if (room == 0) {
      omitted++;
    } else {
      room--;
      endpoints.add(one);
    }
  }

  private EndpointHealth unresolved(Pool pool, Endpoint endpoint, Optional<String> dnsFailure) {
    return new EndpointHealth(
        endpoint.host(),
        endpoint.port(),
        Optional.empty(),
        State.UNRESOLVED,
        at(pool.madeAt()),
        "the name has no address yet",
        Optional.empty(),
        dnsFailure.map(EndpointReport::cut),
        Optional.empty());
  }

  private EndpointHealth of(Endpoint endpoint, Target target) {
    Fitness fitness = target.fitness;
    Optional<Target.Failure> last = Optional.ofNullable(target.lastFailure());
    return new EndpointHealth(
        endpoint.host(),
        endpoint.port(),
        Optional.of(target.address().host()),
        State.of(fitness.state()),
        at(fitness.since()),
        EndpointReport.cut(fitness.reason()),
        fitness.ejected() ? Optional.of(at(fitness.ejectedUntil())) : Optional.empty(),
        last.map(failure -> EndpointReport.cut(failure.why())),
        last.map(failure -> at(failure.at())));
  }

  private Instant at(long then) {
    return wallClock.plusNanos(then - ticks).truncatedTo(ChronoUnit.SECONDS);
  }
}
