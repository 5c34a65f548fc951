package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

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
  private static final int MAX_CUSTOM_DOMAINS = 1000;

  /** How many custom domains it may have; those that it has stay when this becomes less. */
  public int maxCustomDomains() {
    return document
        .getJsonObject("limits", new JsonObject())
        .getInteger("customDomains", MAX_CUSTOM_DOMAINS);
  }

  /** What a merge patch is applied to: all that a caller may change. */
  JsonObject changeable() {
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

  /** What the edge must know of it. */
  EdgeTenant toEdge(List<Hostname> hosts) {
    return new EdgeTenant(id, slug, status, hosts, authentication(), limits());
  }

  private Set<AuthenticationMethod> authentication() {
    JsonArray methods =
        document
            .getJsonObject("config", new JsonObject())
            .getJsonObject("auth", new JsonObject())
            .getJsonArray("methods", JsonArray.of(AuthenticationMethod.API_KEY.wireName()));
    return methods.stream()
        .map(name -> AuthenticationMethod.fromWireName((String) name))
        .collect(Collectors.toUnmodifiableSet());
  }

  private EdgeLimits limits() {
    JsonObject limits = document.getJsonObject("limits", new JsonObject());
    return new EdgeLimits(
        limit(limits, "requestsPerSecond"),
        limit(limits, "burst"),
        limit(limits, "concurrentRequests"),
        limit(limits, "maxBodyBytes"));
  }

  private static OptionalLong limit(JsonObject limits, String name) {
    return limits.containsKey(name) ? OptionalLong.of(limits.getLong(name)) : OptionalLong.empty();
  }
}
