package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePlacement;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.domain.EdgeHosts;
import dev.gatehouse.controlplane.feed.EdgeDocument;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A tenant.
 *
 * @param statusReason why it has its status, in the words of who changed it
 * @param document {@code config}, {@code customizations}, {@code settings}, {@code features},
 *     {@code limits} and {@code billing}, each only if it was given; valid by the API's document
 * @param version counts the changes
 * @param erasedAt when all was gone that it had, after it was deleted
 * @param keyWithheldAt since when the tenant's own key-encryption key is withheld, where it is
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
    Instant updatedAt,
    Optional<Instant> erasedAt,
    Optional<Instant> keyWithheldAt) {
  private static final int RETENTION_DAYS = 30;

  /** The plan that it is on. */
  public Optional<String> plan() {
    return Optional.ofNullable(part("billing").getString("plan"));
  }

  /** How long its data is kept once it is archived. */
  Duration retention() {
    return Duration.ofDays(part("config").getInteger("retentionDays", RETENTION_DAYS));
  }

  /** One that is to be created. */
  static Tenant of(UUID id, TenantDraft draft, TenantStatus status) {
    return new Tenant(
        id,
        draft.slug(),
        draft.name(),
        status,
        Optional.empty(),
        draft.document(),
        1,
        Instant.EPOCH,
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty());
  }

  /** The same with another status. */
  Tenant withStatus(TenantStatus newStatus, Optional<String> reason) {
    return new Tenant(
        id,
        slug,
        name,
        newStatus,
        reason,
        document,
        version,
        createdAt,
        updatedAt,
        erasedAt,
        keyWithheldAt);
  }

  /** The same as a caller wants it to be. */
  Tenant with(TenantDraft draft) {
    return new Tenant(
        id,
        draft.slug(),
        draft.name(),
        status,
        statusReason,
        draft.document(),
        version,
        createdAt,
        updatedAt,
        erasedAt,
        keyWithheldAt);
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
    json.mergeIn(document)
        .put("createdAt", createdAt.toString())
        .put("updatedAt", updatedAt.toString());
    erasedAt.ifPresent(time -> json.put("erasedAt", time.toString()));
    keyWithheldAt.ifPresent(time -> json.put("keyWithheldAt", time.toString()));
    return json;
  }

  /**
   * What the edge must know of it.
   *
   * @param placement where its data are, if they are placed
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code INVALID_BODY} if it breaks a
   *     rule of the contract
   */
  EdgeTenant toEdge(EdgeHosts hosts, Optional<EdgePlacement> placement) {
    JsonObject api = part("customizations").getJsonObject("api", new JsonObject());
    JsonObject edge =
        new JsonObject()
            .put("id", id.toString())
            .put("slug", slug.value())
            .put("status", statusAtEdge().wireName())
            .put("hosts", new JsonArray())
            .put("authentication", authentication())
            .put("limits", part("limits"));
    if (letsUsersLogIn()) {
      edge.put("name", name);
    }
    copy(part("limits"), "weight", edge, "weight");
    copy(api, "default", edge, "apiVersion");
    copy(part("billing"), "plan", edge, "plan");
    copy(part("config"), "services", edge, "services");
    copy(part("config"), "exfiltration", edge, "exfiltration");
    JsonObject bounds = bounds();
    if (!bounds.isEmpty()) {
      edge.put("bounds", bounds);
    }
    EdgeTenant read =
        EdgeDocument.read(
            EdgeTenant.class, EdgeObject.Kind.TENANT, edge, pointer -> "/config" + pointer);
    return hosts.addTo(placement.map(read::with).orElse(read));
  }

  /** Whose key is withheld is not served, as little as one that is suspended. */
  private TenantStatus statusAtEdge() {
    return status == TenantStatus.ACTIVE && keyWithheldAt.isPresent()
        ? TenantStatus.SUSPENDED
        : status;
  }

  private JsonArray authentication() {
    return part("config")
        .getJsonObject("auth", new JsonObject())
        .getJsonArray("methods", JsonArray.of(AuthenticationMethod.API_KEY.wireName()));
  }

  /** An empty list of ranges says what an absent one does. */
  private JsonObject bounds() {
    JsonObject security = part("config").getJsonObject("security", new JsonObject());
    JsonObject bounds = new JsonObject();
    copy(part("config"), "region", bounds, "region");
    if (!security.getJsonArray("allowedIpRanges", new JsonArray()).isEmpty()) {
      copy(security, "allowedIpRanges", bounds, "allow");
    }
    if (!security.getJsonArray("deniedIpRanges", new JsonArray()).isEmpty()) {
      copy(security, "deniedIpRanges", bounds, "deny");
    }
    return bounds;
  }

  private boolean letsUsersLogIn() {
    JsonArray methods = authentication();
    return methods.contains(AuthenticationMethod.SESSION.wireName())
        || methods.contains(AuthenticationMethod.ACCOUNT.wireName());
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
