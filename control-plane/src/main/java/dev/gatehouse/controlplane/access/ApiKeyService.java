package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.tenant.TenantEraser;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The rules of a tenant's API keys. */
public final class ApiKeyService {
  private static final int MAX_PER_TENANT = 1000;

  private final ApiKeyStore store = new ApiKeyStore();
  private final EdgePublisher publisher;
  private final InstantSource clock;

  /**
   * @param clock decides which keys have expired
   */
  public ApiKeyService(EdgePublisher publisher, InstantSource clock) {
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * A new key.
   *
   * @param secret is known here and now only
   * @param previousUntil when the one that it succeeds ends; empty if it succeeds none
   */
  record Issued(ApiKey key, SecretToken secret, Optional<Instant> previousUntil, long revision) {
    JsonObject toJson() {
      return Rotation.reveal(key.toJson(), secret, previousUntil);
    }
  }

  Issued issue(SqlConnection tx, UUID tenantId, JsonObject body) {
    Set<String> scopes = words(body, "scopes");
    return issue(
        tx,
        SecretToken.generate(SecretToken.Kind.API_KEY),
        tenantId,
        body.getString("subject"),
        words(body, "roles"),
        Expiry.in(body, clock.instant()),
        scopes.isEmpty() ? Optional.empty() : Optional.of(scopes));
  }

  /** A successor that opens the same; the key itself is valid for a while beside it. */
  Issued rotate(SqlConnection tx, UUID tenantId, String id, JsonObject body) {
    ApiKey old = find(tx, tenantId, id);
    Instant now = clock.instant();
    if (old.edge().expiresAt().filter(instant -> !now.isBefore(instant)).isPresent()) {
      throw new ProblemException(
          Problem.TOKEN_EXPIRED, "the key \"" + id + "\" has expired: make a new one");
    }
    Rotation.requireFirst("key", id, store.successorOf(tx, id));
    Instant end = Expiry.ofPrevious(body, old.edge().expiresAt(), now);
    SecretToken secret = SecretToken.generate(SecretToken.Kind.API_KEY);
    ApiKey ending = store.succeed(tx, old, end, secret.id());
    Issued successor =
        issue(
            tx,
            secret,
            tenantId,
            old.edge().subject(),
            old.edge().roles(),
            Expiry.renewed(old.createdAt(), old.edge().expiresAt(), now),
            old.edge().scopes());
    long revision = publisher.upsert(tx, ending.edge());
    return new Issued(successor.key(), successor.secret(), Optional.of(end), revision);
  }

  ApiKey find(SqlConnection connection, UUID tenantId, String id) {
    return store.find(connection, tenantId, id).orElseThrow(() -> notFound(id));
  }

  private Issued issue(
      SqlConnection tx,
      SecretToken secret,
      UUID tenantId,
      String subject,
      Set<String> roles,
      Optional<Instant> expiresAt,
      Optional<Set<String>> scopes) {
    if (store.count(tx, tenantId) >= MAX_PER_TENANT) {
      throw new ProblemException(
          Problem.TOO_MANY_TOKENS, "a tenant can have at most " + MAX_PER_TENANT + " API keys");
    }
    String hash = HexFormat.of().formatHex(secret.hash());
    ApiKey stored =
        store.insert(
            tx, new EdgeApiKey(secret.id(), tenantId, hash, subject, roles, expiresAt, scopes));
    return new Issued(stored, secret, Optional.empty(), publisher.upsert(tx, stored.edge()));
  }

  List<ApiKey> list(SqlConnection connection, UUID tenantId, Optional<String> after, int count) {
    return store.list(connection, tenantId, after.orElse(""), count);
  }

  /** What the gateways have seen of keys. */
  void noteUse(SqlConnection tx, Map<String, Instant> lastUses) {
    store.noteUse(tx, lastUses);
  }

  /** Returns the revision at which the key opens nothing any more. */
  long revoke(SqlConnection tx, UUID tenantId, String id) {
    if (!store.delete(tx, tenantId, id)) {
      throw notFound(id);
    }
    return publisher.remove(tx, EdgeObject.Kind.API_KEY, id);
  }

  /** Erases keys of a deleted tenant. Returns whether none is left. */
  public boolean erase(SqlConnection tx, UUID tenantId) {
    List<String> ids = store.deleteSome(tx, tenantId, TenantEraser.BATCH);
    publisher.removeAll(tx, EdgeObject.Kind.API_KEY, ids);
    return ids.size() < TenantEraser.BATCH;
  }

  private static Set<String> words(JsonObject body, String name) {
    return body.getJsonArray(name, new JsonArray()).stream()
        .map(String.class::cast)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static ProblemException notFound(String id) {
    return new ProblemException(
        Problem.API_KEY_NOT_FOUND, "the tenant has no API key \"" + id + "\"");
  }
}
