package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/blueprints} and {@code /v1/rollouts}. */
public final class BlueprintRoutes {
  private final BlueprintService blueprints;
  private final RolloutService rollouts;
  private final Pages pages;

  public BlueprintRoutes(RolloutService rollouts, Pages pages) {
    this.blueprints = rollouts.blueprints();
    this.rollouts = rollouts;
    this.pages = pages;
  }

  /** Binds the operations on blueprints and rollouts. */
  public void bind(Api api) {
    api.perform("createBlueprint", this::create)
        .perform("listBlueprints", this::list)
        .perform("getBlueprint", this::get)
        .perform("deleteBlueprint", this::delete)
        .perform("getBlueprintVersion", this::version)
        .perform("putBlueprintVersion", this::putVersion)
        .perform("listBlueprintPlaces", this::places)
        .perform("createRollout", this::rollOut)
        .perform("listRollouts", this::rollouts)
        .perform("getRollout", this::rollout)
        .perform("listRolloutSteps", this::steps)
        .perform(
            "pauseRollout", (request, tx) -> Answer.ok(rollouts.pause(tx, id(request)).toJson()))
        .perform(
            "resumeRollout", (request, tx) -> Answer.ok(rollouts.resume(tx, id(request)).toJson()))
        .perform(
            "cancelRollout", (request, tx) -> Answer.ok(rollouts.cancel(tx, id(request)).toJson()));
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    Blueprint created = blueprints.create(tx, request.body());
    return Answer.created("/v1/blueprints/" + created.name(), created.toJson())
        .withVersion(created.version());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (after, count) -> blueprints.list(connection, after, count),
        Blueprint::name,
        Blueprint::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Blueprint blueprint = found(request, connection);
    return Answer.ok(blueprint.toJson()).withVersion(blueprint.version());
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    Blueprint blueprint = locked(request, tx);
    request.requireVersion(blueprint.version());
    blueprints.delete(tx, blueprint);
    return Answer.noContent().replacing(blueprint.toJson());
  }

  private Answer version(ApiRequest request, SqlConnection connection) {
    return Answer.ok(
        blueprints.version(connection, found(request, connection), number(request)).toJson());
  }

  private Answer putVersion(ApiRequest request, SqlConnection tx) {
    return Answer.ok(
        blueprints.putVersion(tx, locked(request, tx), number(request), request.body()).toJson());
  }

  private Answer places(ApiRequest request, SqlConnection connection) {
    Blueprint blueprint = found(request, connection);
    return pages.answer(
        request,
        (after, count) ->
            blueprints.states(connection, blueprint, after, count, request.query("which")),
        place -> place.getString("key"),
        BlueprintRoutes::withoutKey);
  }

  private static JsonObject withoutKey(JsonObject place) {
    JsonObject shown = place.copy();
    shown.remove("key");
    return shown;
  }

  private Answer rollOut(ApiRequest request, SqlConnection tx) {
    Rollout begun = rollouts.rollOut(tx, locked(request, tx), request.body());
    return Answer.accepted("/v1/rollouts/" + begun.id(), begun.toJson());
  }

  private Answer rollouts(ApiRequest request, SqlConnection connection) {
    Blueprint blueprint = found(request, connection);
    return pages.answer(
        request,
        (after, count) -> rollouts.list(connection, blueprint, after.map(UUID::fromString), count),
        rollout -> rollout.id().toString(),
        Rollout::toJson);
  }

  private Answer rollout(ApiRequest request, SqlConnection connection) {
    return Answer.ok(rollouts.rollout(connection, id(request)).toJson());
  }

  private Answer steps(ApiRequest request, SqlConnection connection) {
    Rollout rollout = rollouts.rollout(connection, id(request));
    Optional<String> state = request.query("state");
    return pages.answer(
        request,
        (after, count) ->
            rollouts.steps(connection, rollout, after.map(Integer::valueOf), count, state),
        step -> String.valueOf(step.position()),
        RolloutStore.Step::toJson);
  }

  private Blueprint found(ApiRequest request, SqlConnection connection) {
    return blueprints.find(connection, request.path("blueprint"));
  }

  private Blueprint locked(ApiRequest request, SqlConnection tx) {
    return blueprints.lock(tx, request.path("blueprint"));
  }

  private static int number(ApiRequest request) {
    return Integer.parseInt(request.path("version"));
  }

  private static UUID id(ApiRequest request) {
    return UUID.fromString(request.path("rollout"));
  }
}
