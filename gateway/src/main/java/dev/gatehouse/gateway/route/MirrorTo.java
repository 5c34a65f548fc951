package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.Mirror;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A service that gets a copy of some requests.
 *
 * @param service the service
 * @param percent of requests, 1 to 100
 */
public record MirrorTo(EdgeService service, int percent) {
  static Optional<MirrorTo> of(Mirror mirror, Map<String, EdgeService> servicesByName) {
    return Optional.ofNullable(servicesByName.get(mirror.service()))
        .map(service -> new MirrorTo(service, mirror.percent()));
  }

  /** Throws the dice for one request: ask once for each. */
  public boolean takesThisOne() {
    return percent == 100 || ThreadLocalRandom.current().nextInt(100) < percent;
  }
}
