package dev.gatehouse.controlplane.plan;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import io.vertx.sqlclient.SqlConnection;

/** {@code /v1/plans}. */
public final class PlanRoutes {
  private final PlanService plans;
  private final Pages pages;

  public PlanRoutes(PlanService plans, Pages pages) {
    this.plans = plans;
    this.pages = pages;
  }

  /** Binds the operations on plans. */
  public void bind(Api api) {
    api.perform("createPlan", this::create)
        .perform("listPlans", this::list)
        .perform("getPlan", this::get)
        .perform("patchPlan", this::patch)
        .perform("deletePlan", this::delete);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    PlanService.Published created = plans.create(tx, request.body());
    Plan plan = created.plan();
    return Answer.created("/v1/plans/" + plan.name(), plan.toJson())
        .withVersion(plan.version())
        .atRevision(created.revision());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request, (after, count) -> plans.list(connection, after, count), Plan::name, Plan::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Plan plan = plans.plan(connection, request.path("plan"));
    return Answer.ok(plan.toJson()).withVersion(plan.version());
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    Plan plan = lock(request, tx);
    PlanService.Published changed = plans.change(tx, plan, request.patched(plan.changeable()));
    return Answer.ok(changed.plan().toJson())
        .withVersion(changed.plan().version())
        .atRevision(changed.revision())
        .replacing(plan.toJson());
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    Plan plan = lock(request, tx);
    return Answer.noContent().atRevision(plans.delete(tx, plan)).replacing(plan.toJson());
  }

  private Plan lock(ApiRequest request, SqlConnection tx) {
    Plan plan = plans.lock(tx, request.path("plan"));
    request.requireVersion(plan.version());
    return plan;
  }
}
