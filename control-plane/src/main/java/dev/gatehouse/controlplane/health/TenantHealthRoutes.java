package dev.gatehouse.controlplane.health;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.health.HealthQuery.Listed;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** {@code /v1/health} and {@code /v1/tenants/{tenant}/health}. */
public final class TenantHealthRoutes {
  private final HealthService health;
  private final TenantService tenants;
  private final Pages pages;

  public TenantHealthRoutes(HealthService health, TenantService tenants, Pages pages) {
    this.health = health;
    this.tenants = tenants;
    this.pages = pages;
  }

  /** Binds the operations on how tenants do. */
  public void bind(Api api) {
    api.perform("listHealth", this::list)
        .perform("getHealthSummary", (_, connection) -> Answer.ok(health.summary(connection)))
        .perform("getTenantHealth", this::get)
        .perform("getTenantHealthHistory", this::history);
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Optional<HealthState> state = request.query("state").map(HealthState::of);
    List<UUID> among =
        request.query("tenants").stream()
            .flatMap(ids -> Stream.of(ids.split(",", -1)))
            .map(UUID::fromString)
            .toList();
    return pages.answer(
        request,
        (after, count) -> health.list(connection, state, among, after, count),
        Listed::key,
        Listed::document);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    return Answer.ok(health.find(connection, tenants.find(connection, request.path("tenant"))));
  }

  private Answer history(ApiRequest request, SqlConnection connection) {
    UUID tenant = tenants.find(connection, request.path("tenant")).id();
    return Answer.ok(
        health.history(connection, tenant, moment(request, "from"), moment(request, "to")));
  }

  private static Optional<Instant> moment(ApiRequest request, String name) {
    return request.query(name).map(text -> OffsetDateTime.parse(text).toInstant());
  }
}
