package dev.gatehouse.controlplane.service;

import dev.gatehouse.contract.edge.EdgeService;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An upstream application.
 *
 * @param document {@code endpoints} and timeouts; valid by the API's document
 * @param version counts the changes
 */
record Service(
    String name, JsonObject document, long version, Instant createdAt, Instant updatedAt) {

  /** What a merge patch is applied to. A service keeps its name. */
  JsonObject changeable() {
    return document.copy();
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("name", name)
        .mergeIn(document)
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }

  EdgeService toEdge() {
    return new EdgeService(
        name, endpoints(), duration("connectTimeout"), duration("responseTimeout"));
  }

  private List<EdgeService.Endpoint> endpoints() {
    JsonArray endpoints = document.getJsonArray("endpoints");
    return endpoints.stream()
        .map(JsonObject.class::cast)
        .map(
            endpoint ->
                new EdgeService.Endpoint(
                    endpoint.getString("host"),
                    endpoint.getInteger("port"),
                    endpoint.getBoolean("tls", false)))
        .toList();
  }

  private Optional<Duration> duration(String name) {
    return Optional.ofNullable(document.getString(name)).map(Duration::parse);
  }
}
