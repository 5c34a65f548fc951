package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * How one service is different for one tenant: either treated differently, or another one in its
 * place, which is then treated as that one is.
 *
 * @param endpoints its own, which no other tenant uses; those of the service if absent
 * @param circuitBreaker in place of the service's
 * @param sendTo name of another service that takes its requests, as for a canary of one tenant;
 *     excludes the others
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ServiceOverride(
    Optional<List<EdgeService.Endpoint>> endpoints,
    Optional<CircuitBreaker> circuitBreaker,
    Optional<String> sendTo) {
  /**
   * @throws IllegalArgumentException if the list of endpoints is there and empty, or if endpoints
   *     or a breaker are given for a service that no request would go to
   */
  public ServiceOverride {
    endpoints = endpoints.map(List::copyOf);
    if (endpoints.filter(List::isEmpty).isPresent()) {
      throw new IllegalArgumentException("a tenant's own endpoints must be at least one");
    }
    endpoints.ifPresent(EdgeService.Endpoint::requireOneRegionEach);
    if (sendTo.isPresent() && (endpoints.isPresent() || circuitBreaker.isPresent())) {
      throw new IllegalArgumentException(
          "sendTo must stand alone, found it beside "
              + (endpoints.isPresent() ? "endpoints" : "circuitBreaker"));
    }
  }
}
