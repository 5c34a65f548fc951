package dev.gatehouse.controlplane.service;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The rules of services and of the routes that lead to them. */
public final class CatalogService {
  private final ServiceStore services;
  private final RouteStore routes = new RouteStore();
  private final EdgePublisher publisher;
  private final InstantSource clock;

  /**
   * @param masterKey seals what services share with the gateways
   * @param clock by which certificates are over
   */
  public CatalogService(EdgePublisher publisher, MasterKey masterKey, InstantSource clock) {
    this.services = new ServiceStore(masterKey);
    this.publisher = publisher;
    this.clock = clock;
  }

  /** Something that was written, and the revision at which the edge knows of it. */
  record Published<T>(T value, long revision) {}

  /**
   * Refuses names that are no service's; the services of the others are not deleted until the
   * transaction ends. Returns the names.
   *
   * @throws ProblemException {@code UNKNOWN_SERVICE} with the places of the names
   */
  public Set<String> requireServices(SqlConnection tx, List<ServiceReference> references) {
    Set<String> names =
        references.stream().map(ServiceReference::name).collect(Collectors.toUnmodifiableSet());
    Set<String> known = names.isEmpty() ? Set.of() : services.hold(tx, names);
    List<Fault> faults =
        references.stream()
            .filter(reference -> !known.contains(reference.name()))
            .map(reference ->
                Fault.at(
                    reference.pointer(),
                    "must name a service that exists, found \"" + reference.name() + "\""))
            .toList();
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.UNKNOWN_SERVICE, faults);
    }
    return names;
  }

  Published<Service> createService(SqlConnection tx, JsonObject body) {
    JsonObject document = body.copy();
    String name = (String) document.remove("name");
    Published<Service> created = published(tx, services.insert(tx, name, document));
    checkTls(created.value());
    return created;
  }

  Service service(SqlConnection connection, String name) {
    return services.find(connection, name).orElseThrow(() -> noService(name));
  }

  Service lockService(SqlConnection tx, String name) {
    return services.lock(tx, name).orElseThrow(() -> noService(name));
  }

  List<Service> services(SqlConnection connection, Optional<String> after, int count) {
    return services.list(connection, after.orElse(""), count);
  }

  Published<Service> changeService(SqlConnection tx, Service service, JsonObject document) {
    Published<Service> changed = published(tx, services.update(tx, service.name(), document));
    if (!Objects.equals(document.getValue("tls"), service.document().getValue("tls"))) {
      checkTls(changed.value());
    }
    return changed;
  }

  private void checkTls(Service service) {
    service.toEdge().tls().ifPresent(tls -> UpstreamTlsRules.check(tls, clock.instant()));
  }

  /**
   * Deletes a service that is locked. Returns the revision.
   *
   * @throws ProblemException {@code SERVICE_IN_USE} if a route or a tenant names it
   */
  long deleteService(SqlConnection tx, Service service) {
    services.delete(tx, service.name());
    return publisher.remove(tx, EdgeObject.Kind.SERVICE, service.name());
  }

  Published<Route> createRoute(SqlConnection tx, JsonObject body) {
    UUID id = UuidCreator.getTimeOrderedEpoch();
    JsonObject document = Route.normalized(body);
    EdgeRoute edge = Route.toEdge(id, document);
    Set<String> services = requireReferences(tx, edge);
    Route route = routes.insert(tx, id, document, services);
    return new Published<>(route, publisher.upsert(tx, edge));
  }

  Route route(SqlConnection connection, UUID id) {
    return routes.find(connection, id).orElseThrow(() -> noRoute(id));
  }

  Route lockRoute(SqlConnection tx, UUID id) {
    return routes.lock(tx, id).orElseThrow(() -> noRoute(id));
  }

  List<Route> routes(SqlConnection connection, Optional<UUID> after, int count) {
    return routes.list(connection, after, count);
  }

  Published<Route> changeRoute(SqlConnection tx, Route route, JsonObject wanted) {
    JsonObject document = Route.normalized(wanted);
    EdgeRoute edge = Route.toEdge(route.id(), document);
    Set<String> services = requireReferences(tx, edge);
    Route changed = routes.update(tx, route.id(), document, services);
    return new Published<>(changed, publisher.upsert(tx, edge));
  }

  /** Returns the revision. */
  long deleteRoute(SqlConnection tx, Route route) {
    routes.delete(tx, route.id());
    return publisher.remove(tx, EdgeObject.Kind.ROUTE, route.id().toString());
  }

  private Published<Service> published(SqlConnection tx, Service service) {
    return new Published<>(service, publisher.upsert(tx, service.toEdge()));
  }

  private Set<String> requireReferences(SqlConnection tx, EdgeRoute route) {
    requireTenants(tx, RouteReferences.tenants(route));
    return requireServices(tx, RouteReferences.services(route));
  }

  private void requireTenants(SqlConnection tx, Map<UUID, String> pointers) {
    Set<UUID> known = pointers.isEmpty() ? Set.of() : routes.knownTenants(tx, pointers.keySet());
    List<Fault> faults =
        pointers.entrySet().stream()
            .filter(tenant -> !known.contains(tenant.getKey()))
            .map(tenant ->
                Fault.at(tenant.getValue(), "must hold ids of tenants, found " + tenant.getKey()))
            .toList();
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.UNKNOWN_TENANT, faults);
    }
  }

  private static ProblemException noService(String name) {
    return new ProblemException(
        Problem.SERVICE_NOT_FOUND, "no service has the name \"" + name + "\"");
  }

  private static ProblemException noRoute(UUID id) {
    return new ProblemException(Problem.ROUTE_NOT_FOUND, "no route has the id " + id);
  }
}
