package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.isolation.Migrator.Outcome;
import dev.gatehouse.controlplane.isolation.RolloutStore.Step;
import dev.gatehouse.controlplane.isolation.RolloutStore.WaveCounts;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Takes a rollout further: some places of its wave in each run, a bounded number at once. When a
 * wave is through, it decides whether the next one begins. After a crash it goes on with the places
 * that are not done; a place that was, notices.
 */
public final class RolloutJob implements JobHandler {
  /** The kind of the jobs; the key is the rollout's id. */
  public static final String KIND = "rollout";

  /** Places in one run, for each that is migrated at once. */
  private static final int ROUNDS = 4;

  /** After so long no place begins another piece of a backfill in this run. */
  private static final Duration BACKFILLING = Duration.ofSeconds(2);

  /** One that was cancelled may be at places still, and would undo what this one does there. */
  private static final Duration WHILE_ANOTHER_ENDS = Duration.ofMillis(200);

  private static final int LONGEST_ERROR = 1_000;

  private final Database database;
  private final RolloutService rollouts;
  private final PartitionService partitions;
  private final Entrances entrances;
  private final TenantService tenants;
  private final AuditService audit;

  public RolloutJob(
      Database database,
      RolloutService rollouts,
      PartitionService partitions,
      PlacementService placements,
      TenantService tenants,
      AuditService audit) {
    this.database = database;
    this.rollouts = rollouts;
    this.partitions = partitions;
    this.entrances = new Entrances(database, partitions, placements);
    this.tenants = tenants;
    this.audit = audit;
  }

  /** What there is to do in one run. */
  private record Work(
      Rollout rollout,
      boolean mustWait,
      List<Step> steps,
      Map<Integer, BlueprintVersion> versions,
      Map<String, PartitionAddress> addresses) {}

  /** How one place went. */
  private record Result(Step step, Optional<Outcome> outcome, Optional<String> error, int millis) {
    /** False also while a backfill has more to do. */
    boolean isDone() {
      return outcome.filter(Outcome::isDone).isPresent();
    }
  }

  @Override
  public Effect run(Job job) throws Exception {
    UUID id = UUID.fromString(job.key());
    Optional<Work> work = database.withConnection(connection -> workOf(connection, id));
    if (work.isEmpty()) {
      return _ -> Next.done();
    }
    if (work.get().mustWait()) {
      return _ -> Next.again(Instant.now().plus(WHILE_ANOTHER_ENDS));
    }
    List<Result> results = migrate(work.get());
    return tx -> goOn(tx, id, results);
  }

  private Optional<Work> workOf(SqlConnection connection, UUID id) {
    Optional<Rollout> running = rollouts.running(connection, id);
    return running.map(rollout -> {
      List<Step> steps = rollouts.waiting(connection, rollout, ROUNDS * rollout.parallel());
      Map<String, PartitionAddress> addresses = new HashMap<>();
      for (Step step : steps) {
        String name = step.place().partition();
        if (!addresses.containsKey(name)) {
          partitions
              .ifThere(connection, name)
              .ifPresent(found -> addresses.put(name, partitions.adminAddress(connection, found)));
        }
      }
      return new Work(
          rollout,
          rollouts.hasPredecessorAtWork(connection, rollout),
          steps,
          rollouts.blueprints().versions(connection, rollout.blueprint()),
          addresses);
    });
  }

  private List<Result> migrate(Work work) throws Exception {
    Migrator migrator = new Migrator(work.rollout().blueprint(), work.versions(), entrances);
    long begin = System.nanoTime();
    BooleanSupplier mayGoOn = () -> System.nanoTime() - begin < BACKFILLING.toNanos();
    List<Callable<Result>> tasks = new ArrayList<>();
    for (Step step : work.steps()) {
      tasks.add(() -> migrate(migrator, work, step, mayGoOn));
    }
    List<Result> results = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(work.rollout().parallel(), Thread.ofVirtual().factory())) {
      for (Future<Result> done : threads.invokeAll(tasks)) {
        results.add(done.get());
      }
    }
    return results;
  }

  private static Result migrate(Migrator migrator, Work work, Step step, BooleanSupplier mayGoOn) {
    long begin = System.nanoTime();
    Optional<Outcome> outcome = Optional.empty();
    Optional<String> error = Optional.empty();
    try {
      PartitionAddress address = work.addresses().get(step.place().partition());
      if (address == null) {
        throw new SQLException("its partition is gone");
      }
      outcome = Optional.of(migrate(migrator, work.rollout(), address, step.place(), mayGoOn));
    } catch (SQLException | RuntimeException e) {
      String why = String.valueOf(e.getMessage());
      error = Optional.of(why.substring(0, Math.min(why.length(), LONGEST_ERROR)));
    }
    return new Result(step, outcome, error, (int) ((System.nanoTime() - begin) / 1_000_000));
  }

  private static Outcome migrate(
      Migrator migrator,
      Rollout rollout,
      PartitionAddress address,
      Place place,
      BooleanSupplier mayGoOn)
      throws SQLException {
    if (rollout.dryRun()) {
      migrator.rehearse(address, place, rollout.number());
      return new Outcome(rollout.number(), true, 0);
    }
    return migrator.migrate(address, place, rollout.number(), mayGoOn);
  }

  private Next goOn(SqlConnection tx, UUID id, List<Result> results) {
    Optional<Rollout> locked = rollouts.lock(tx, id);
    if (locked.isEmpty()) {
      return Next.done();
    }
    Rollout rollout = locked.get();
    results.forEach(result -> note(tx, rollout, result));
    publish(tx, rollout, results);
    return decide(tx, rollout);
  }

  private Next decide(SqlConnection tx, Rollout rollout) {
    if (rollout.state() != Rollout.State.RUNNING) {
      return Next.done(); // paused or cancelled meanwhile
    }
    if (!rollouts.waiting(tx, rollout, 1).isEmpty()) {
      return Next.again(Instant.now());
    }
    return endWave(tx, rollout);
  }

  private void note(SqlConnection tx, Rollout rollout, Result result) {
    result
        .outcome()
        .filter(outcome -> outcome.backfilled() > 0)
        .ifPresent(outcome -> rollouts.progress(tx, rollout, result.step(), outcome.backfilled()));
    if (result.error().isPresent()) {
      rollouts.failed(tx, rollout, result.step(), result.error().get(), result.millis());
    } else if (result.isDone()) {
      rollouts.done(tx, rollout, result.step(), result.millis());
    }
  }

  /** Tells the edge which tables these places have now. All are locked before any is told. */
  private void publish(SqlConnection tx, Rollout rollout, List<Result> results) {
    if (rollout.dryRun()) {
      return;
    }
    List<Place> done =
        results.stream().filter(Result::isDone).map(result -> result.step().place()).toList();
    List<Tenant> locked =
        done.stream()
            .flatMap(place -> place.tenant().stream())
            .flatMap(id -> tenants.lockById(tx, id).stream())
            .toList();
    locked.forEach(tenant -> tenants.publish(tx, tenant));
    done.stream()
        .filter(place -> place.tenant().isEmpty())
        .forEach(place -> partitions.publishTables(tx, place.partition()));
  }

  private Next endWave(SqlConnection tx, Rollout rollout) {
    WaveCounts counts = rollouts.ofWave(tx, rollout);
    if (counts.failed() * 100 > (long) rollout.failurePercent() * counts.total()) {
      rollouts.pause(
          tx,
          rollout,
          "%d of %d places of wave %d have failed"
              .formatted(counts.failed(), counts.total(), rollout.wave()));
      record(tx, rollout);
      return Next.done();
    }
    if (rollouts.nextWave(tx, rollout, counts)) {
      return Next.again(Instant.now());
    }
    rollouts.end(tx, rollout);
    record(tx, rollout);
    return Next.done();
  }

  private void record(SqlConnection tx, Rollout before) {
    Rollout now = rollouts.rollout(tx, before.id());
    audit.system(
        tx,
        AuditChain.PLATFORM,
        "rollout." + now.state().wireName(),
        "/v1/rollouts/" + now.id(),
        Optional.of(before.toJson()),
        Optional.of(now.toJson()));
  }
}
