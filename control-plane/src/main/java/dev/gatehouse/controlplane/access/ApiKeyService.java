package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.tenant.TenantEraser;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The rules of a tenant's API keys. */
public final class ApiKeyService {
  private static final int MAX_PER_TENANT = 1000;

  private final ApiKeyStore store = new ApiKeyStore();
  private final EdgePublisher publisher;

  public ApiKeyService(EdgePublisher publisher) {
    this.publisher = publisher;
  }

  /** A new key, its secret, which is known here and now only, and the revision. */
  record Issued(ApiKey key, SecretToken secret, long revision) {}

  Issued issue(SqlConnection tx, UUID tenantId, JsonObject body) {
    if (store.count(tx, tenantId) >= MAX_PER_TENANT) {
      throw new ProblemException(
          Problem.INVALID_BODY, "a tenant can have at most " + MAX_PER_TENANT + " API keys");
    }
    SecretToken secret = SecretToken.generate(SecretToken.Kind.API_KEY);
    JsonArray roles = body.getJsonArray("roles", new JsonArray());
    EdgeApiKey key =
        new EdgeApiKey(
            secret.id(),
            tenantId,
            HexFormat.of().formatHex(secret.hash()),
            body.getString("subject"),
            roles.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet()),
            expiry(body));
    ApiKey stored = store.insert(tx, key);
    return new Issued(stored, secret, publisher.upsert(tx, stored.edge()));
  }

  List<ApiKey> list(SqlConnection connection, UUID tenantId, Optional<String> after, int count) {
    return store.list(connection, tenantId, after.orElse(""), count);
  }

  /** Returns the revision at which the key opens nothing any more. */
  long revoke(SqlConnection tx, UUID tenantId, String id) {
    if (!store.delete(tx, tenantId, id)) {
      throw new ProblemException(
          Problem.API_KEY_NOT_FOUND, "the tenant has no API key \"" + id + "\"");
    }
    return publisher.remove(tx, EdgeObject.Kind.API_KEY, id);
  }

  /** Erases keys of a deleted tenant. Returns whether none is left. */
  public boolean erase(SqlConnection tx, UUID tenantId) {
    List<String> ids = store.deleteSome(tx, tenantId, TenantEraser.BATCH);
    publisher.removeAll(tx, EdgeObject.Kind.API_KEY, ids);
    return ids.size() < TenantEraser.BATCH;
  }

  private static Optional<Instant> expiry(JsonObject body) {
    Optional<Instant> expiresAt =
        Optional.ofNullable(body.getString("expiresAt"))
            .map(Instant::parse)
            .map(instant -> instant.truncatedTo(ChronoUnit.MICROS)); // what PostgreSQL keeps
    if (expiresAt.isPresent() && expiresAt.get().isBefore(Instant.now())) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(Fault.at("/expiresAt", "must be in the future, found " + expiresAt.get())));
    }
    return expiresAt;
  }
}
