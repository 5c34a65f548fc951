package dev.gatehouse.controlplane.isolation;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.isolation.RolloutStore.Step;
import dev.gatehouse.controlplane.isolation.RolloutStore.WaveCounts;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.NewJob;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rules of rollouts. What happens in places is done by {@link RolloutJob}. */
public final class RolloutService {
  /** How many earlier ones are looked at: more cannot have been begun and cancelled in one run. */
  private static final int PREDECESSORS = 20;

  private final RolloutStore store = new RolloutStore();
  private final BlueprintService blueprints;
  private final JobService jobs;

  public RolloutService(BlueprintService blueprints, JobService jobs) {
    this.blueprints = blueprints;
    this.jobs = jobs;
  }

  /** What is rolled out. */
  public BlueprintService blueprints() {
    return blueprints;
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
      throw BlueprintService.noVersion(blueprint, number);
    }
    blueprints.requireNoneOpen(tx, blueprint);
    if (!document.getBoolean("dryRun", false)) {
      blueprints.freeze(tx, blueprint, Math.max(number, blueprint.current()));
    }
    UUID id = UuidCreator.getTimeOrderedEpoch();
    Rollout begun = store.insert(tx, id, blueprint.name(), number, document);
    goOn(tx, id);
    return begun;
  }

  Rollout rollout(SqlConnection connection, UUID id) {
    return store.find(connection, id).orElseThrow(() -> noRollout(id));
  }

  List<Rollout> list(
      SqlConnection connection, Blueprint blueprint, Optional<UUID> after, int count) {
    return store.list(connection, blueprint.name(), after, count);
  }

  List<Step> steps(
      SqlConnection connection,
      Rollout rollout,
      Optional<Integer> after,
      int count,
      Optional<String> state) {
    return store.steps(connection, rollout.id(), after.orElse(0), count, state);
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
    store.retry(tx, id, resumed.wave());
    goOn(tx, id);
    return rollout(tx, id);
  }

  private Rollout change(SqlConnection tx, UUID id, Rollout.State to) {
    Rollout rollout = store.lock(tx, id).orElseThrow(() -> noRollout(id));
    if (!rollout.isOpen()) {
      throw new ProblemException(Problem.ROLLOUT_ENDED, "it is " + rollout.state().wireName());
    }
    store.setState(tx, id, to, Optional.empty());
    return rollout(tx, id);
  }

  private void goOn(SqlConnection tx, UUID id) {
    jobs.reschedule(tx, NewJob.of(RolloutJob.KIND, id.toString(), Instant.now()));
  }

  /** One that is to go on. */
  Optional<Rollout> running(SqlConnection connection, UUID id) {
    return store.find(connection, id).filter(found -> found.state() == Rollout.State.RUNNING);
  }

  /** Whether the last run of an earlier one, which has ended, is not over yet. */
  boolean hasPredecessorAtWork(SqlConnection connection, Rollout rollout) {
    return store
        .list(connection, rollout.blueprint(), Optional.of(rollout.id()), PREDECESSORS)
        .stream()
        .anyMatch(
            earlier -> jobs.find(connection, RolloutJob.KIND, earlier.id().toString()).isPresent());
  }

  Optional<Rollout> lock(SqlConnection tx, UUID id) {
    return store.lock(tx, id);
  }

  /** Places of its wave that are not done. */
  List<Step> waiting(SqlConnection connection, Rollout rollout, int most) {
    return store.waiting(connection, rollout.id(), rollout.wave(), most);
  }

  /** A place has got where it was to go; with a dry run, it could have. */
  void done(SqlConnection tx, Rollout rollout, Step step, int millis) {
    store.endStep(tx, rollout.id(), step.position(), Optional.empty(), millis);
    if (!rollout.dryRun()) {
      blueprints.noteVersion(tx, rollout.blueprint(), step.place(), rollout.number());
    }
  }

  /** How far a backfill is in a place, whether that goes on or not. */
  void progress(SqlConnection tx, Rollout rollout, Step step, long backfilled) {
    store.progress(tx, rollout.id(), step.position(), backfilled);
  }

  void failed(SqlConnection tx, Rollout rollout, Step step, String error, int millis) {
    store.endStep(tx, rollout.id(), step.position(), Optional.of(error), millis);
    if (!rollout.dryRun()) {
      blueprints.noteError(tx, rollout.blueprint(), step.place(), error);
    }
  }

  WaveCounts ofWave(SqlConnection connection, Rollout rollout) {
    return store.ofWave(connection, rollout.id(), rollout.wave());
  }

  /**
   * Goes on with the next wave, in which are the places that came meanwhile if no others are.
   *
   * @return false if there is none
   */
  boolean nextWave(SqlConnection tx, Rollout rollout, WaveCounts counts) {
    int next = rollout.wave() + 1;
    if (counts.later() == 0 && store.addNew(tx, rollout, next) == 0) {
      return false;
    }
    store.setWave(tx, rollout.id(), next);
    return true;
  }

  /** All places have the version, and new ones get it from now on. */
  void end(SqlConnection tx, Rollout rollout) {
    store.setState(tx, rollout.id(), Rollout.State.DONE, Optional.empty());
    if (!rollout.dryRun()) {
      blueprints.setCurrent(tx, rollout.blueprint(), rollout.number());
    }
  }

  /** It waits to be resumed. */
  void pause(SqlConnection tx, Rollout rollout, String reason) {
    store.setState(tx, rollout.id(), Rollout.State.PAUSED, Optional.of(reason));
  }

  /** Forgets a deleted tenant's place. */
  void forget(SqlConnection tx, UUID tenant) {
    blueprints.forget(tx, tenant);
    store.forget(tx, tenant);
  }

  private static ProblemException noRollout(UUID id) {
    return new ProblemException(Problem.ROLLOUT_NOT_FOUND, "no rollout has the id " + id);
  }
}
