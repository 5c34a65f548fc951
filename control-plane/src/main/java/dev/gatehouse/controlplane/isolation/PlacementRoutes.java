package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;

/**
 * {@code /v1/placement-policy}, {@code /v1/tenants/{tenant}/placement} and, for applications,
 * {@code /v1/tenants/{tenant}/connection}.
 */
public final class PlacementRoutes {
  private final PlacementService placements;
  private final Connections connections;
  private final TenantService tenants;

  public PlacementRoutes(
      PlacementService placements, Connections connections, TenantService tenants) {
    this.placements = placements;
    this.connections = connections;
    this.tenants = tenants;
  }

  /** Binds the operations on placements. */
  public void bind(Api api) {
    api.perform("getPlacementPolicy", (_, connection) -> policy(placements.policy(connection)))
        .perform("replacePlacementPolicy", this::replacePolicy)
        .perform("getPlacement", this::get)
        .perform("placeTenant", this::place)
        .perform("getConnection", this::connection);
  }

  private static Answer policy(PlacementStore.Policy policy) {
    return Answer.ok(policy.document()).withVersion(policy.version());
  }

  private Answer replacePolicy(ApiRequest request, SqlConnection tx) {
    PlacementStore.Policy before = placements.policy(tx);
    request.requireVersion(before.version());
    return policy(placements.setPolicy(tx, request.body())).replacing(before.document());
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return Answer.ok(placements.shown(connection, tenant.id()));
  }

  private Answer place(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    placements.place(tx, tenant.id());
    JsonObject shown = placements.shown(tx, tenant.id());
    return Answer.accepted(shown).onTenant(tenant.id());
  }

  private Answer connection(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    if (tenant.keyWithheldAt().isPresent()) {
      // Also where the login is that of all who share, and not sealed for this tenant.
      throw new ProblemException(
          Problem.KEY_WITHHELD, "its data are not told of until the key is held again");
    }
    String context = request.parameter(TenantContext.HEADER).orElseThrow();
    return Answer.ok(connections.of(connection, tenant.id(), context));
  }
}
