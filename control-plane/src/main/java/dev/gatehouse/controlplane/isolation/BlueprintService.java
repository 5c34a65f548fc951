package dev.gatehouse.controlplane.isolation;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.NewJob;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rules of blueprints and of their rollouts. What happens in places is done by jobs. */
public final class BlueprintService {
  /** How many there may be. */
  static final int MOST = 100;

  private final BlueprintStore store = new BlueprintStore();
  private final RolloutStore rollouts = new RolloutStore();
  private final JobService jobs;

  public BlueprintService(JobService jobs) {
    this.jobs = jobs;
  }

  Blueprint create(SqlConnection tx, JsonObject body) {
    if (store.list(tx, "", MOST).size() == MOST) {
      throw new ProblemException(Problem.TOO_MANY_BLUEPRINTS, "there may be " + MOST);
    }
    return store.insert(
        tx, body.getString("name"), Optional.ofNullable(body.getString("description")));
  }

  Blueprint find(SqlConnection connection, String name) {
    return store.find(connection, name).orElseThrow(() -> notFound(name));
  }

  Blueprint lock(SqlConnection tx, String name) {
    return store.lock(tx, name).orElseThrow(() -> notFound(name));
  }

  List<Blueprint> list(SqlConnection connection, Optional<String> after, int count) {
    return store.list(connection, after.orElse(""), count);
  }

  /**
   * Forgets one that is locked; what was applied stays where it is.
   *
   * @throws ProblemException {@code ROLLOUT_OPEN}
   */
  void delete(SqlConnection tx, Blueprint blueprint) {
    requireNoneOpen(tx, blueprint);
    store.delete(tx, blueprint.name());
  }

  /**
   * Says what a version is.
   *
   * @throws ProblemException {@code VERSION_FROZEN}, or {@code VERSION_GAP}
   */
  BlueprintVersion putVersion(
      SqlConnection tx, Blueprint blueprint, int number, JsonObject document) {
    if (number > blueprint.newest() + 1) {
      throw new ProblemException(
          Problem.VERSION_GAP, "the next version is " + (blueprint.newest() + 1));
    }
    if (versions(tx, blueprint.name()).getOrDefault(number, none(number)).frozen()) {
      throw new ProblemException(
          Problem.VERSION_FROZEN, "it has been rolled out: put another one after it");
    }
    store.putVersion(tx, blueprint.name(), number, document);
    return new BlueprintVersion(number, document, false);
  }

  private static BlueprintVersion none(int number) {
    return new BlueprintVersion(number, new JsonObject(), false);
  }

  BlueprintVersion version(SqlConnection connection, Blueprint blueprint, int number) {
    return Optional.ofNullable(versions(connection, blueprint.name()).get(number))
        .orElseThrow(() -> noVersion(blueprint, number));
  }

  /** All of a blueprint, by their numbers. */
  Map<Integer, BlueprintVersion> versions(SqlConnection connection, String name) {
    return store.versions(connection, name).stream()
        .collect(Collectors.toMap(BlueprintVersion::number, Function.identity()));
  }

  List<JsonObject> states(
      SqlConnection connection,
      Blueprint blueprint,
      Optional<String> after,
      int count,
      Optional<String> which) {
    return store.states(
        connection, blueprint.name(), after.orElse(""), count, which, blueprint.current());
  }

  /**
   * Begins to take all places to a version.
   *
   * @throws ProblemException {@code BLUEPRINT_VERSION_NOT_FOUND} or {@code ROLLOUT_OPEN}
   */
  Rollout rollOut(SqlConnection tx, Blueprint blueprint, JsonObject body) {
    JsonObject document = body.copy();
    int number = (Integer) document.remove("to");
    if (number > blueprint.newest()) {
      throw noVersion(blueprint, number);
    }
    requireNoneOpen(tx, blueprint);
    if (!document.getBoolean("dryRun", false)) {
      store.freeze(tx, blueprint.name(), Math.max(number, blueprint.current()));
    }
    UUID id = UuidCreator.getTimeOrderedEpoch();
    Rollout begun = rollouts.insert(tx, id, blueprint.name(), number, document);
    goOn(tx, id);
    return begun;
  }

  private void requireNoneOpen(SqlConnection tx, Blueprint blueprint) {
    if (rollouts.hasOpen(tx, blueprint.name())) {
      throw new ProblemException(
          Problem.ROLLOUT_OPEN, "another rollout of it is under way: wait for it, or cancel it");
    }
  }

  Rollout rollout(SqlConnection connection, UUID id) {
    return rollouts.find(connection, id).orElseThrow(() -> noRollout(id));
  }

  List<Rollout> rollouts(
      SqlConnection connection, Blueprint blueprint, Optional<UUID> after, int count) {
    return rollouts.list(connection, blueprint.name(), after, count);
  }

  List<RolloutStore.Step> steps(
      SqlConnection connection,
      Rollout rollout,
      Optional<Integer> after,
      int count,
      Optional<String> state) {
    return rollouts.steps(connection, rollout.id(), after.orElse(0), count, state);
  }

  Rollout pause(SqlConnection tx, UUID id) {
    return change(tx, id, Rollout.State.PAUSED);
  }

  Rollout cancel(SqlConnection tx, UUID id) {
    return change(tx, id, Rollout.State.CANCELLED);
  }

  /** Goes on with one; those of its wave that have failed are tried again. */
  Rollout resume(SqlConnection tx, UUID id) {
    Rollout resumed = change(tx, id, Rollout.State.RUNNING);
    rollouts.retry(tx, id, resumed.wave());
    goOn(tx, id);
    return rollout(tx, id);
  }

  private Rollout change(SqlConnection tx, UUID id, Rollout.State to) {
    Rollout rollout = rollouts.lock(tx, id).orElseThrow(() -> noRollout(id));
    if (!rollout.isOpen()) {
      throw new ProblemException(Problem.ROLLOUT_ENDED, "it is " + rollout.state().wireName());
    }
    rollouts.setState(tx, id, to, Optional.empty());
    return rollout(tx, id);
  }

  private void goOn(SqlConnection tx, UUID id) {
    jobs.reschedule(tx, NewJob.of(RolloutJob.KIND, id.toString(), Instant.now()));
  }

  BlueprintStore store() {
    return store;
  }

  RolloutStore rolloutStore() {
    return rollouts;
  }

  /** The versions that a place has, by blueprint. */
  Map<String, Integer> versionsAt(SqlConnection connection, Place place) {
    return store.versionsAt(connection, place);
  }

  /** Forgets what is known of a deleted tenant's place. */
  void forget(SqlConnection tx, UUID tenant) {
    store.forget(tx, tenant);
    rollouts.forget(tx, tenant);
  }

  private static ProblemException notFound(String name) {
    return new ProblemException(
        Problem.BLUEPRINT_NOT_FOUND, "no blueprint has the name \"" + name + "\"");
  }

  private static ProblemException noVersion(Blueprint blueprint, int number) {
    return new ProblemException(
        Problem.BLUEPRINT_VERSION_NOT_FOUND,
        blueprint.name() + " has no version " + number + ", the newest is " + blueprint.newest());
  }

  private static ProblemException noRollout(UUID id) {
    return new ProblemException(Problem.ROLLOUT_NOT_FOUND, "no rollout has the id " + id);
  }
}
