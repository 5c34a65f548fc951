package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * How one service is different for one tenant.
 *
 * @param endpoints its own, which no other tenant uses; those of the service if absent
 * @param circuitBreaker in place of the service's
 * @param sendTo name of another service that takes its requests, as for a canary of one tenant
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ServiceOverride(
    Optional<List<EdgeService.Endpoint>> endpoints,
    Optional<CircuitBreaker> circuitBreaker,
    Optional<String> sendTo) {
  /**
   * @throws IllegalArgumentException if the list of endpoints is there and empty
   */
  public ServiceOverride {
    endpoints = endpoints.map(List::copyOf);
    if (endpoints.filter(List::isEmpty).isPresent()) {
      throw new IllegalArgumentException("a tenant's own endpoints must be at least one");
    }
  }
}
