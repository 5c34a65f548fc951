package dev.gatehouse.controlplane.health;

import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.health.HealthQuery.Listed;
import dev.gatehouse.controlplane.tenant.Tenant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How tenants do, and did. Blocks: virtual threads only. */
public final class HealthService {
  private static final Duration A_WEEK = Duration.ofDays(7);

  /** More than 92 days have by the hour. */
  private static final int MOST_ROWS = 3000;

  private final HealthQuery query = new HealthQuery();
  private final HealthStore store = new HealthStore();
  private final InstantSource clock;

  public HealthService(InstantSource clock) {
    this.clock = clock;
  }

  /** How many active tenants are in each state; those that no round has seen yet are in none. */
  public Map<HealthState, Long> counts(SqlConnection connection) {
    return query.counts(connection);
  }

  /** The same as a document. */
  JsonObject summary(SqlConnection connection) {
    JsonObject document = new JsonObject();
    counts(connection).forEach((state, tenants) -> document.put(state.wireName(), tenants));
    query.judgedAt(connection).ifPresent(at -> document.put("judgedAt", at.toString()));
    return document;
  }

  List<Listed> list(
      SqlConnection connection,
      Optional<HealthState> state,
      List<UUID> among,
      Optional<String> after,
      int count) {
    return query.list(connection, state, among, after, count);
  }

  /** How a tenant does, with all factors. */
  JsonObject find(SqlConnection connection, Tenant tenant) {
    JsonObject document = query.find(connection, tenant.id()).orElseGet(() -> notJudged(tenant));
    query.judgedAt(connection).ifPresent(at -> document.put("judgedAt", at.toString()));
    return document;
  }

  private static JsonObject notJudged(Tenant tenant) {
    String why =
        tenant.status() == TenantStatus.ACTIVE
            ? "It has not been judged yet: that is done once a minute."
            : "Only active tenants are judged; this one is " + tenant.status().wireName() + ".";
    return new JsonObject()
        .put("tenant", tenant.id().toString())
        .put("slug", tenant.slug().value())
        .put("name", tenant.name())
        .put("state", HealthState.UNKNOWN.wireName())
        .put("reason", why)
        .put("factors", new JsonObject());
  }

  /**
   * How a tenant did: the last week where nothing is said.
   *
   * @throws ProblemException {@code INVALID_PARAMETER} if it would end before it begins
   */
  JsonObject history(
      SqlConnection connection, UUID tenant, Optional<Instant> from, Optional<Instant> to) {
    Instant end = to.orElseGet(clock::instant);
    Instant begin = from.orElseGet(() -> end.minus(A_WEEK));
    if (!begin.isBefore(end)) {
      throw new ProblemException(
          Problem.INVALID_PARAMETER,
          List.of(Fault.inParameter("to", "must be after from, found " + end)));
    }
    List<JsonObject> items = query.history(connection, tenant, begin, end, MOST_ROWS);
    return new JsonObject()
        .put("from", begin.toString())
        .put("to", end.toString())
        .put("items", new JsonArray(items));
  }

  /** Forgets how a tenant did; part of its erasure. */
  public boolean erase(SqlConnection tx, UUID tenant) {
    return store.erase(tx, tenant);
  }
}
