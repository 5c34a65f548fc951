package dev.gatehouse.controlplane.service;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;

/** {@code /v1/services}. */
public final class ServiceRoutes {
  private final CatalogService catalog;
  private final EndpointService endpoints;
  private final Pages pages;

  public ServiceRoutes(CatalogService catalog, EndpointService endpoints, Pages pages) {
    this.catalog = catalog;
    this.endpoints = endpoints;
    this.pages = pages;
  }

  /** Binds the operations on services. */
  public void bind(Api api) {
    api.perform("createService", this::create)
        .perform("listServices", this::list)
        .perform("getService", this::get)
        .perform("patchService", this::patch)
        .perform("deleteService", this::delete);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    CatalogService.Published<Service> created = catalog.createService(tx, request.body());
    Service service = created.value();
    return Answer.created("/v1/services/" + service.name(), service.toJson())
        .withVersion(service.version())
        .atRevision(created.revision());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Answer page =
        pages.answer(
            request,
            (after, count) -> catalog.services(connection, after, count),
            Service::name,
            Service::toJson);
    boolean health = request.query("health").filter(text -> !text.equals("false")).isPresent();
    if (health) {
      page.body().ifPresent(body -> addHealth(connection, body.getJsonArray("items")));
    }
    return page;
  }

  private void addHealth(SqlConnection connection, JsonArray services) {
    List<String> names =
        services.stream().map(one -> ((JsonObject) one).getString("name")).toList();
    Map<String, JsonObject> health = endpoints.healthOf(connection, names);
    services.forEach(one -> {
      JsonObject service = (JsonObject) one;
      service.put("health", health.get(service.getString("name")));
    });
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Service service = catalog.service(connection, request.path("service"));
    return Answer.ok(service.toJson()).withVersion(service.version());
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    Service service = lock(request, tx);
    CatalogService.Published<Service> changed =
        catalog.changeService(tx, service, request.patched(service.changeable()));
    return Answer.ok(changed.value().toJson())
        .withVersion(changed.value().version())
        .atRevision(changed.revision())
        .replacing(service.toJson());
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    Service service = lock(request, tx);
    return Answer.noContent()
        .atRevision(catalog.deleteService(tx, service))
        .replacing(service.toJson());
  }

  private Service lock(ApiRequest request, SqlConnection tx) {
    Service service = catalog.lockService(tx, request.path("service"));
    request.requireVersion(service.version());
    return service;
  }
}
