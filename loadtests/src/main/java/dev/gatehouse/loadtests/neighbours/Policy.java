package dev.gatehouse.loadtests.neighbours;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;

/** How the gateway shares the application: one service each, all at the same endpoint. */
enum Policy {
  /** Tenants take turns; the gateway finds the limit. Nothing is configured. */
  ADAPTIVE("adaptive"),
  /** Tenants take turns; as many in flight as the application has workers. */
  FIXED("fixed"),
  /** No limit that is ever reached, thus no turns: first come, first served, at the application. */
  NONE("none");

  private static final int OUT_OF_REACH = 100_000;

  private final String service;

  Policy(String service) {
    this.service = service;
  }

  /** Name of the service, and of the path's first segment. */
  String service() {
    return service;
  }

  /** A path that is routed to it. */
  String target() {
    return "/" + service + "/items";
  }

  /** What the gateway must know of all. */
  static List<EdgeObject> objects(int upstreamPort, int workers) {
    return Stream.of(values()).flatMap(policy -> policy.ownObjects(upstreamPort, workers)).toList();
  }

  private Stream<EdgeObject> ownObjects(int upstreamPort, int workers) {
    return Stream.of(
        serviceAt(upstreamPort, workers),
        EdgeRoute.toService(UUID.randomUUID(), "/" + service, service));
  }

  private EdgeService serviceAt(int port, int workers) {
    EdgeService plain =
        EdgeService.of(service, List.of(new EdgeService.Endpoint("127.0.0.1", port)));
    return new EdgeService(
        plain.name(),
        plain.endpoints(),
        plain.protocol(),
        plain.connectTimeout(),
        plain.responseTimeout(),
        plain.totalTimeout(),
        plain.balancing(),
        plain.healthCheck(),
        plain.outlierDetection(),
        plain.circuitBreaker(),
        plain.retries(),
        concurrency(workers),
        plain.compression(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Optional<Concurrency> concurrency(int workers) {
    return switch (this) {
      case ADAPTIVE -> Optional.empty();
      case FIXED -> Optional.of(limitedTo(workers, OptionalInt.empty()));
      case NONE -> Optional.of(limitedTo(OUT_OF_REACH, OptionalInt.of(OUT_OF_REACH)));
    };
  }

  private static Concurrency limitedTo(int requests, OptionalInt connections) {
    return new Concurrency(
        OptionalInt.of(requests),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        connections);
  }
}
