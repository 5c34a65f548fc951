package dev.gatehouse.controlplane.service;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** {@code /v1/routes}. */
public final class RouteRoutes {
  private final CatalogService catalog;
  private final Pages pages;

  public RouteRoutes(CatalogService catalog, Pages pages) {
    this.catalog = catalog;
    this.pages = pages;
  }

  /** Binds the operations on routes. */
  public void bind(Api api) {
    api.perform("createRoute", this::create)
        .perform("listRoutes", this::list)
        .perform("getRoute", this::get)
        .perform("patchRoute", this::patch)
        .perform("deleteRoute", this::delete);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    CatalogService.Published<Route> created = catalog.createRoute(tx, request.body());
    Route route = created.value();
    return Answer.created("/v1/routes/" + route.id(), route.toJson())
        .withVersion(route.version())
        .atRevision(created.revision());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (after, count) -> catalog.routes(connection, after.map(UUID::fromString), count),
        route -> route.id().toString(),
        Route::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Route route = catalog.route(connection, id(request));
    return Answer.ok(route.toJson()).withVersion(route.version());
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    Route route = lock(request, tx);
    CatalogService.Published<Route> changed =
        catalog.changeRoute(tx, route, request.patched(route.changeable()));
    return Answer.ok(changed.value().toJson())
        .withVersion(changed.value().version())
        .atRevision(changed.revision())
        .replacing(route.toJson());
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    Route route = lock(request, tx);
    return Answer.noContent().atRevision(catalog.deleteRoute(tx, route)).replacing(route.toJson());
  }

  private Route lock(ApiRequest request, SqlConnection tx) {
    Route route = catalog.lockRoute(tx, id(request));
    request.requireVersion(route.version());
    return route;
  }

  private static UUID id(ApiRequest request) {
    return UUID.fromString(request.path("route"));
  }
}
