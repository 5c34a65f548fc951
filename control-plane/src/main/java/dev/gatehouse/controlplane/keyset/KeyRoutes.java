package dev.gatehouse.controlplane.keyset;

import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** A tenant's keys: what they are, and what applications do with them. */
public final class KeyRoutes {
  private final KeysetService keysets;
  private final TenantService tenants;

  /** Routes over these services. */
  public KeyRoutes(KeysetService keysets, TenantService tenants) {
    this.keysets = keysets;
    this.tenants = tenants;
  }

  /** Binds all operations under {@code /v1/tenants/{tenant}/keys}. */
  public void bind(Api api) {
    api.perform("listKeysets", this::list)
        .perform("rotateKeyset", this::rotate)
        .perform("destroyKey", this::destroy);
    for (Transit transit : Transit.values()) {
      String name = transit.name().toLowerCase(Locale.ROOT);
      api.compute(name, (request, connection) -> one(transit, request, connection))
          .compute(name + "Batch", (request, connection) -> batch(transit, request, connection));
    }
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    UUID tenant = tenants.find(connection, request.path("tenant")).id();
    JsonArray items = new JsonArray();
    for (KeysetKind kind : List.of(KeysetKind.DATA, KeysetKind.SIGNATURES)) {
      KeysetOf name = new KeysetOf(tenant, kind);
      keysets
          .find(connection, name)
          .ifPresent(keyset -> items.add(shown(connection, name, keyset)));
    }
    return Answer.ok(JsonObject.of("items", items));
  }

  private Answer rotate(ApiRequest request, SqlConnection tx) {
    KeysetOf name = nameIn(request, tenants.lock(tx, request.path("tenant")));
    Keyset keyset = keysets.rotate(tx, name);
    return Answer.ok(shown(tx, name, keyset));
  }

  private Answer destroy(ApiRequest request, SqlConnection tx) {
    KeysetOf name = nameIn(request, tenants.lock(tx, request.path("tenant")));
    TenantKey key = keysets.destroy(tx, name, request.path("key"));
    return Answer.noContent()
        .replacing(JsonObject.of("keyset", name.kind().wireName(), "id", key.name()));
  }

  private static KeysetOf nameIn(ApiRequest request, Tenant tenant) {
    return new KeysetOf(tenant.id(), KeysetKind.of(request.path("keyset")));
  }

  private JsonObject shown(SqlConnection connection, KeysetOf name, Keyset keyset) {
    JsonArray keys = new JsonArray();
    for (TenantKey key : keysets.keys(connection, name).reversed()) {
      JsonObject one =
          JsonObject.of(
              "id", key.name(),
              "newest", key.id() == keyset.primary(),
              "createdAt", key.createdAt().toString(),
              "used", key.used());
      keyset.publicKey(key.id()).ifPresent(bytes -> one.put("publicKey", jwk(key, bytes)));
      keys.add(one);
    }
    JsonObject shown = JsonObject.of("name", name.kind().wireName(), "versions", keys);
    keysets
        .fullSince(connection, name)
        .ifPresent(since -> shown.put("fullSince", since.toString()));
    return shown;
  }

  /** RFC 8037. */
  private static JsonObject jwk(TenantKey key, byte[] bytes) {
    String x = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return JsonObject.of("kty", "OKP", "crv", "Ed25519", "kid", key.name(), "x", x);
  }

  private Answer one(Transit transit, ApiRequest request, SqlConnection connection) {
    UUID tenant = tenantOf(transit, request, connection);
    keysets.admit(tenant, 1);
    Keyset keyset = ready(transit, tenant, connection, 1);
    return Answer.ok(perform(transit, tenant, keyset, request.body()));
  }

  private Answer batch(Transit transit, ApiRequest request, SqlConnection connection) {
    UUID tenant = tenantOf(transit, request, connection);
    JsonArray items = request.body().getJsonArray("items");
    keysets.admit(tenant, items.size());
    Keyset keyset = ready(transit, tenant, connection, items.size());
    List<JsonObject> results =
        items.stream().map(item -> result(transit, tenant, keyset, (JsonObject) item)).toList();
    return Answer.ok(JsonObject.of("items", new JsonArray(results)));
  }

  /** Of an archived tenant all can be read, and nothing new is made. */
  private UUID tenantOf(Transit transit, ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    boolean makes = transit.encrypts() || transit == Transit.SIGN;
    if (makes && tenant.status() == TenantStatus.ARCHIVED) {
      throw new ProblemException(
          Problem.TENANT_READ_ONLY, "the tenant is archived: restore it before you use its keys");
    }
    return tenant.id();
  }

  private Keyset ready(Transit transit, UUID tenant, SqlConnection connection, int uses) {
    KeysetOf name = new KeysetOf(tenant, transit.kind());
    return transit.encrypts()
        ? keysets.openToEncrypt(connection, name, uses, KeysetService.COUNTED_AT_ONCE)
        : keysets.open(connection, name);
  }

  private static JsonObject result(Transit transit, UUID tenant, Keyset keyset, JsonObject item) {
    try {
      return perform(transit, tenant, keyset, item);
    } catch (ProblemException refused) {
      Problem problem = refused.problem();
      return JsonObject.of(
          "problem",
          JsonObject.of(
              "type", problem.type(), "status", problem.status(), "title", problem.title()));
    }
  }

  private static JsonObject perform(Transit transit, UUID tenant, Keyset keyset, JsonObject item) {
    try {
      return transit.perform(tenant, keyset, item);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a tenant's key cannot be used", e);
    }
  }
}
