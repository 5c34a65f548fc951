package dev.gatehouse.controlplane.feed;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.feed.GatewayStore.ListedGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What an operator sees of the gateways. On virtual threads, after the operator's authentication.
 */
public final class GatewayRoutes {
  private final GatewayStore gateways;

  GatewayRoutes(GatewayStore gateways) {
    this.gateways = gateways;
  }

  /** Binds {@code GET /v1/gateways}: all that were heard of lately, with their lag. */
  public void bind(Api api) {
    api.perform("listGateways", (_, _) -> Answer.ok(list()));
  }

  JsonObject list() {
    JsonArray items = new JsonArray();
    gateways.list().forEach(gateway -> items.add(jsonOf(gateway)));
    return JsonObject.of("items", items);
  }

  private static JsonObject jsonOf(ListedGateway gateway) {
    return JsonObject.of(
        "name", gateway.name(),
        "appliedRevision", gateway.appliedRevision(),
        "lag", gateway.lag(),
        "lastSeenAt", gateway.lastSeenAt().toString(),
        "live", gateway.live());
  }
}
