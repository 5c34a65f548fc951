package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.isolation.RolloutStore.Step;
import dev.gatehouse.controlplane.isolation.RolloutStore.WaveCounts;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.sql.SQLException;
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

  private static final int LONGEST_ERROR = 1_000;

  private final Database database;
  private final BlueprintService blueprints;
  private final PartitionService partitions;
  private final TenantService tenants;
  private final AuditService audit;

  public RolloutJob(
      Database database,
      BlueprintService blueprints,
      PartitionService partitions,
      TenantService tenants,
      AuditService audit) {
    this.database = database;
    this.blueprints = blueprints;
    this.partitions = partitions;
    this.tenants = tenants;
    this.audit = audit;
  }

  /** What there is to do in one run. */
  private record Work(
      Rollout rollout,
      List<Step> steps,
      Map<Integer, BlueprintVersion> versions,
      Map<String, PartitionAddress> addresses) {}

  /** How one place went. */
  private record Result(Step step, Optional<String> error, int millis) {}

  @Override
  public Effect run(Job job) throws Exception {
    UUID id = UUID.fromString(job.key());
    Optional<Work> work = database.withConnection(connection -> workOf(connection, id));
    if (work.isEmpty()) {
      return _ -> Next.done();
    }
    List<Result> results = migrate(work.get());
    return tx -> goOn(tx, id, results);
  }

  private Optional<Work> workOf(SqlConnection connection, UUID id) {
    Optional<Rollout> running =
        blueprints
            .rolloutStore()
            .find(connection, id)
            .filter(rollout -> rollout.state() == Rollout.State.RUNNING);
    return running.map(rollout -> {
      List<Step> steps =
          blueprints
              .rolloutStore()
              .waiting(connection, id, rollout.wave(), ROUNDS * rollout.parallel());
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
          rollout, steps, blueprints.versions(connection, rollout.blueprint()), addresses);
    });
  }

  private static List<Result> migrate(Work work) throws Exception {
    Migrator migrator = new Migrator(work.rollout().blueprint(), work.versions());
    List<Callable<Result>> tasks = new ArrayList<>();
    for (Step step : work.steps()) {
      tasks.add(() -> migrate(migrator, work, step));
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

  private static Result migrate(Migrator migrator, Work work, Step step) {
    long begin = System.nanoTime();
    Optional<String> error = Optional.empty();
    try {
      PartitionAddress address = work.addresses().get(step.place().partition());
      if (address == null) {
        throw new SQLException("its partition is gone");
      }
      int _ =
          migrator.migrate(address, step.place(), work.rollout().number(), work.rollout().dryRun());
    } catch (SQLException | RuntimeException e) {
      String why = String.valueOf(e.getMessage());
      error = Optional.of(why.substring(0, Math.min(why.length(), LONGEST_ERROR)));
    }
    return new Result(step, error, (int) ((System.nanoTime() - begin) / 1_000_000));
  }

  private Next goOn(SqlConnection tx, UUID id, List<Result> results) {
    Optional<Rollout> locked = blueprints.rolloutStore().lock(tx, id);
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
    if (!blueprints.rolloutStore().waiting(tx, rollout.id(), rollout.wave(), 1).isEmpty()) {
      return Next.again(Instant.now());
    }
    return endWave(tx, rollout);
  }

  private void note(SqlConnection tx, Rollout rollout, Result result) {
    blueprints
        .rolloutStore()
        .endStep(tx, rollout.id(), result.step().position(), result.error(), result.millis());
    if (rollout.dryRun()) {
      return;
    }
    Place place = result.step().place();
    if (result.error().isPresent()) {
      blueprints.store().setError(tx, rollout.blueprint(), place, result.error().get());
    } else {
      blueprints.store().setState(tx, rollout.blueprint(), place, rollout.number());
    }
  }

  /** Tells the edge which tables these places have now. All are locked before any is told. */
  private void publish(SqlConnection tx, Rollout rollout, List<Result> results) {
    if (rollout.dryRun()) {
      return;
    }
    List<Place> done =
        results.stream()
            .filter(result -> result.error().isEmpty())
            .map(result -> result.step().place())
            .toList();
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
    WaveCounts counts = blueprints.rolloutStore().ofWave(tx, rollout.id(), rollout.wave());
    if (counts.failed() * 100 > (long) rollout.failurePercent() * counts.total()) {
      String reason =
          "%d of %d places of wave %d have failed"
              .formatted(counts.failed(), counts.total(), rollout.wave());
      end(tx, rollout, Rollout.State.PAUSED, Optional.of(reason));
      return Next.done();
    }
    int next = rollout.wave() + 1;
    if (counts.later() > 0 || blueprints.rolloutStore().addNew(tx, rollout, next) > 0) {
      blueprints.rolloutStore().setWave(tx, rollout.id(), next);
      return Next.again(Instant.now());
    }
    end(tx, rollout, Rollout.State.DONE, Optional.empty());
    if (!rollout.dryRun()) {
      blueprints.store().setCurrent(tx, rollout.blueprint(), rollout.number());
    }
    return Next.done();
  }

  private void end(
      SqlConnection tx, Rollout rollout, Rollout.State state, Optional<String> reason) {
    blueprints.rolloutStore().setState(tx, rollout.id(), state, reason);
    Rollout now = blueprints.rollout(tx, rollout.id());
    audit.system(
        tx,
        AuditChain.PLATFORM,
        "rollout." + state.wireName(),
        "/v1/rollouts/" + rollout.id(),
        Optional.of(rollout.toJson()),
        Optional.of(now.toJson()));
  }
}
