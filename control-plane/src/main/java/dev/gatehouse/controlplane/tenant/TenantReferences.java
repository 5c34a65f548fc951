package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.controlplane.isolation.PlacementService;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.service.CatalogService;
import io.vertx.sqlclient.SqlConnection;
import java.util.Set;

/** What a tenant names that has to be there: its plan, and services. */
final class TenantReferences {
  private final CatalogService catalog;
  private final PlanService plans;
  private final PlacementService placements;

  TenantReferences(CatalogService catalog, PlanService plans, PlacementService placements) {
    this.catalog = catalog;
    this.plans = plans;
    this.placements = placements;
  }

  /**
   * Refuses a plan, a partition or services that do not exist, and limits that contradict the
   * plan's. Those that do exist stay until the transaction ends.
   *
   * @return the names of the services
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code UNKNOWN_PLAN}, {@code
   *     UNKNOWN_PARTITION}, {@code UNKNOWN_SERVICE} or {@code INVALID_BODY}
   */
  Set<String> require(SqlConnection tx, TenantDraft draft) {
    placements.requireKnown(tx, draft.database());
    plans.requirePlan(tx, draft.plan(), draft.limits());
    return catalog.requireServices(tx, draft.serviceReferences());
  }
}
