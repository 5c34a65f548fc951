package dev.gatehouse.controlplane.plan;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of plans, and what holds for a tenant that is on one. */
public final class PlanService {
  private final PlanStore store = new PlanStore();
  private final Map<TenantPart, JsonObject> platform;
  private final EdgePublisher publisher;

  /**
   * @param platform what holds where neither plan nor tenant say anything
   */
  public PlanService(Map<TenantPart, JsonObject> platform, EdgePublisher publisher) {
    this.platform = Map.copyOf(platform);
    this.publisher = publisher;
  }

  /** A plan, and the revision at which the edge knows its newest state. */
  record Published(Plan plan, long revision) {}

  /**
   * What holds for a tenant in one part of its document.
   *
   * @param plan the name of its plan; without one, or with one that is gone, the platform's
   *     defaults and its own values remain
   * @param own the tenant's overrides
   */
  public EffectiveValues effective(
      SqlConnection connection, Optional<String> plan, TenantPart part, JsonObject own) {
    return effective(plan.flatMap(name -> store.find(connection, name)), part, own);
  }

  private EffectiveValues effective(Optional<Plan> plan, TenantPart part, JsonObject own) {
    return new EffectiveValues(
        platform.getOrDefault(part, new JsonObject()),
        plan.map(found -> found.part(part)).orElseGet(JsonObject::new),
        own);
  }

  /**
   * Refuses a name that is no plan's, and limits that contradict each other on that plan; a plan
   * that it is stays until the transaction ends.
   *
   * @param limits the tenant's overrides
   * @throws ProblemException {@code UNKNOWN_PLAN} or {@code INVALID_BODY}
   */
  public void requirePlan(SqlConnection tx, Optional<String> name, JsonObject limits) {
    Optional<Plan> plan = name.map(text -> hold(tx, text));
    requireRateForBurst(effective(plan, TenantPart.LIMITS, limits).values(), "/limits");
  }

  private Plan hold(SqlConnection tx, String name) {
    return store
        .hold(tx, name)
        .orElseThrow(() ->
            new ProblemException(
                Problem.UNKNOWN_PLAN,
                List.of(
                    Fault.at(
                        "/billing/plan", "must name a plan that exists, found \"" + name + "\""))));
  }

  Published create(SqlConnection tx, JsonObject body) {
    JsonObject document = body.copy();
    String name = (String) document.remove("name");
    requireRateForBurst(document);
    return published(tx, store.insert(tx, name, document));
  }

  Plan plan(SqlConnection connection, String name) {
    return store.find(connection, name).orElseThrow(() -> noPlan(name));
  }

  Plan lock(SqlConnection tx, String name) {
    return store.lock(tx, name).orElseThrow(() -> noPlan(name));
  }

  List<Plan> list(SqlConnection connection, Optional<String> after, int count) {
    return store.list(connection, after.orElse(""), count);
  }

  Published change(SqlConnection tx, Plan plan, JsonObject document) {
    requireRateForBurst(document);
    return published(tx, store.update(tx, plan.name(), document));
  }

  /**
   * Deletes a plan that is locked. Returns the revision.
   *
   * @throws ProblemException {@code PLAN_IN_USE} if a tenant is on it
   */
  long delete(SqlConnection tx, Plan plan) {
    store.delete(tx, plan.name());
    return publisher.remove(tx, EdgeObject.Kind.PLAN, plan.name());
  }

  private Published published(SqlConnection tx, Plan plan) {
    return new Published(plan, publisher.upsert(tx, plan.toEdge()));
  }

  /** A tenant that overrides the rate alone keeps its plan's burst, so a plan says both or one. */
  private static void requireRateForBurst(JsonObject document) {
    requireRateForBurst(document.getJsonObject("limits", new JsonObject()), "/limits");
  }

  /**
   * Refuses limits with a burst and no rate.
   *
   * @param pointer where the limits stand in the caller's body
   * @throws ProblemException {@code INVALID_BODY}
   */
  public static void requireRateForBurst(JsonObject limits, String pointer) {
    if (limits.containsKey("burst") && !limits.containsKey("requestsPerSecond")) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(Fault.at(pointer + "/requestsPerSecond", "is required where burst is given")));
    }
  }

  private static ProblemException noPlan(String name) {
    return new ProblemException(Problem.PLAN_NOT_FOUND, "no plan has the name \"" + name + "\"");
  }
}
