package dev.gatehouse.controlplane.provisioning;

import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.JobState;
import dev.gatehouse.controlplane.job.NewJob;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The provisioning of tenants. */
public final class ProvisioningService {
  private final ProvisioningStore store = new ProvisioningStore();
  private final JobService jobs;

  public ProvisioningService(JobService jobs) {
    this.jobs = jobs;
  }

  /** Begins, in the transaction that creates the tenant. */
  public void begin(SqlConnection tx, UUID tenant) {
    store.insert(tx, tenant, ProvisioningSteps.NAMES);
    boolean _ =
        jobs.schedule(
            tx, NewJob.of(ProvisioningJob.KIND, tenant.toString(), tenant, Instant.now()));
  }

  /**
   * Refuses to activate a tenant whose provisioning is not so far.
   *
   * @throws ProblemException {@code PROVISIONING_UNFINISHED} with the step that it waits for
   */
  public void requireReadyToActivate(SqlConnection tx, UUID tenant) {
    for (StepProgress step : store.list(tx, tenant)) {
      if (step.name().equals(ActivateStep.NAME)) {
        return;
      }
      if (!step.isDone()) {
        throw new ProblemException(
            Problem.PROVISIONING_UNFINISHED,
            "the step "
                + step.name()
                + " is "
                + step.state()
                + ": the tenant becomes active by itself");
      }
    }
  }

  /** Forgets the progress, and lets nothing be done any more. */
  public void forget(SqlConnection tx, UUID tenant) {
    boolean _ = jobs.cancel(tx, ProvisioningJob.KIND, tenant.toString());
    store.deleteAll(tx, tenant);
  }

  /** The progress, as the API shows it. */
  JsonObject progress(SqlConnection connection, UUID tenant) {
    List<StepProgress> steps = store.list(connection, tenant);
    Optional<JobState> job = jobs.find(connection, ProvisioningJob.KIND, tenant.toString());
    JsonArray items = new JsonArray();
    for (StepProgress step : steps) {
      JsonObject json = step.toJson();
      if (step.state().equals("running")) {
        job.flatMap(JobState::lastError).ifPresent(error -> json.put("error", error));
      }
      items.add(json);
    }
    long done = steps.stream().filter(StepProgress::isDone).count();
    JsonObject json =
        new JsonObject()
            .put("state", done == steps.size() ? "done" : "running")
            .put("done", done)
            .put("total", steps.size())
            .put("steps", items);
    job.filter(state -> state.lastError().isPresent())
        .ifPresent(state -> json.put("nextAttemptAt", state.dueAt().toString()));
    return json;
  }

  Optional<String> beginStep(SqlConnection tx, UUID tenant) {
    return store.begin(tx, tenant);
  }

  void stepDone(SqlConnection tx, UUID tenant, String name) {
    store.done(tx, tenant, name);
  }
}
