package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.domain.EdgeHosts;
import dev.gatehouse.controlplane.feed.EdgeDocument;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A tenant.
 *
 * @param statusReason why it was suspended, in the operator's words
 * @param document {@code config}, {@code customizations}, {@code settings}, {@code features},
 *     {@code limits} and {@code billing}, each only if it was given; valid by the API's document
 * @param version counts the changes
 */
public record Tenant(
    UUID id,
    Slug slug,
    String name,
    TenantStatus status,
    Optional<String> statusReason,
    JsonObject document,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** The plan that it is on. */
  public Optional<String> plan() {
    return Optional.ofNullable(part("billing").getString("plan"));
  }

  /** What a merge patch is applied to: all that a caller may change. */
  public JsonObject changeable() {
    return new JsonObject().put("slug", slug.value()).put("name", name).mergeIn(document);
  }

  /** The tenant as the API shows it. */
  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("id", id.toString())
            .put("slug", slug.value())
            .put("name", name)
            .put("status", status.wireName());
    statusReason.ifPresent(reason -> json.put("statusReason", reason));
    return json.mergeIn(document)
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
  }

  /**
   * What the edge must know of it.
   *
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code INVALID_BODY} if it breaks a
   *     rule of the contract
   */
  EdgeTenant toEdge(EdgeHosts hosts) {
    JsonObject api = part("customizations").getJsonObject("api", new JsonObject());
    JsonObject edge =
        new JsonObject()
            .put("id", id.toString())
            .put("slug", slug.value())
            .put("status", status.wireName())
            .put("hosts", new JsonArray())
            .put("authentication", authentication())
            .put("limits", part("limits"));
    copy(part("limits"), "weight", edge, "weight");
    copy(api, "default", edge, "apiVersion");
    copy(part("billing"), "plan", edge, "plan");
    copy(part("config"), "services", edge, "services");
    return hosts.addTo(
        EdgeDocument.read(
            EdgeTenant.class, EdgeObject.Kind.TENANT, edge, pointer -> "/config" + pointer));
  }

  private JsonArray authentication() {
    return part("config")
        .getJsonObject("auth", new JsonObject())
        .getJsonArray("methods", JsonArray.of(AuthenticationMethod.API_KEY.wireName()));
  }

  /** One part of its document; empty if nothing is said there. */
  public JsonObject part(String name) {
    return document.getJsonObject(name, new JsonObject());
  }

  private static void copy(JsonObject from, String name, JsonObject to, String as) {
    if (from.containsKey(name)) {
      to.put(as, from.getValue(name));
    }
  }
}
