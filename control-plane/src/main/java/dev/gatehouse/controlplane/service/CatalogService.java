package dev.gatehouse.controlplane.service;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rules of services and of the routes that lead to them. */
public final class CatalogService {
  private final ServiceStore services = new ServiceStore();
  private final RouteStore routes = new RouteStore();
  private final EdgePublisher publisher;

  public CatalogService(EdgePublisher publisher) {
    this.publisher = publisher;
  }

  /** Something that was written, and the revision at which the edge knows of it. */
  record Published<T>(T value, long revision) {}

  Published<Service> createService(SqlConnection tx, JsonObject body) {
    JsonObject document = body.copy();
    String name = (String) document.remove("name");
    return published(tx, services.insert(tx, name, document));
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
    return published(tx, services.update(tx, service.name(), document));
  }

  /** Deletes a service that is locked. Returns the revision. */
  long deleteService(SqlConnection tx, Service service) {
    if (routes.leadsTo(tx, service.name())) {
      throw new ProblemException(
          Problem.SERVICE_IN_USE,
          "routes lead to the service \"" + service.name() + "\": delete or change them first");
    }
    services.delete(tx, service.name());
    return publisher.remove(tx, EdgeObject.Kind.SERVICE, service.name());
  }

  Published<Route> createRoute(SqlConnection tx, JsonObject body) {
    EdgeRoute route = Route.read(UuidCreator.getTimeOrderedEpoch(), body);
    return publishedRoute(tx, routes.insert(tx, route));
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
    return publishedRoute(tx, routes.update(tx, Route.read(route.edge().id(), wanted)));
  }

  /** Returns the revision. */
  long deleteRoute(SqlConnection tx, Route route) {
    routes.delete(tx, route.edge().id());
    return publisher.remove(tx, EdgeObject.Kind.ROUTE, route.edge().key());
  }

  private Published<Service> published(SqlConnection tx, Service service) {
    return new Published<>(service, publisher.upsert(tx, service.toEdge()));
  }

  private Published<Route> publishedRoute(SqlConnection tx, Route route) {
    return new Published<>(route, publisher.upsert(tx, route.edge()));
  }

  private static ProblemException noService(String name) {
    return new ProblemException(
        Problem.SERVICE_NOT_FOUND, "no service has the name \"" + name + "\"");
  }

  private static ProblemException noRoute(UUID id) {
    return new ProblemException(Problem.ROUTE_NOT_FOUND, "no route has the id " + id);
  }
}
