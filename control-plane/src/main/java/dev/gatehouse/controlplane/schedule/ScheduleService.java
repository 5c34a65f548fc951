package dev.gatehouse.controlplane.schedule;

import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.NewJob;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The schedules of tenants; whoever changes one has locked the tenant. */
public final class ScheduleService {
  private final ScheduleStore store = new ScheduleStore();
  private final JobService jobs;
  private final InstantSource clock;

  /**
   * @param clock decides what is in the future
   */
  public ScheduleService(JobService jobs, InstantSource clock) {
    this.jobs = jobs;
    this.clock = clock;
  }

  /** Wants something to become of a tenant, in place of an earlier time for the same. */
  public void put(
      SqlConnection tx, UUID tenant, ScheduledAction action, Instant at, Optional<String> reason) {
    ScheduleEntry _ = keep(tx, tenant, action, at, reason);
  }

  /**
   * The same for a caller.
   *
   * @throws ProblemException {@code INVALID_BODY} where the time is past
   */
  ScheduleEntry put(
      SqlConnection tx, UUID tenant, ScheduledAction action, String at, Optional<String> reason) {
    Instant time = Instant.parse(at).truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps
    if (!time.isAfter(clock.instant())) {
      throw new ProblemException(
          Problem.INVALID_BODY, List.of(Fault.at("/at", "must be in the future, found " + time)));
    }
    return keep(tx, tenant, action, time, reason);
  }

  private ScheduleEntry keep(
      SqlConnection tx, UUID tenant, ScheduledAction action, Instant at, Optional<String> reason) {
    ScheduleEntry entry = store.put(tx, tenant, action, at, reason);
    jobs.reschedule(
        tx,
        NewJob.of(ScheduleJob.KIND, keyOf(tenant, action), tenant, at)
            .with(
                new JsonObject()
                    .put("tenant", tenant.toString())
                    .put("action", action.wireName())));
    return entry;
  }

  List<ScheduleEntry> list(SqlConnection connection, UUID tenant) {
    return store.list(connection, tenant);
  }

  Optional<ScheduleEntry> find(SqlConnection connection, UUID tenant, ScheduledAction action) {
    return store.find(connection, tenant, action);
  }

  /** Wants it no more. Returns whether it was wanted. */
  public boolean cancel(SqlConnection tx, UUID tenant, ScheduledAction action) {
    boolean wanted = store.delete(tx, tenant, action);
    if (wanted) {
      boolean _ = jobs.cancel(tx, ScheduleJob.KIND, keyOf(tenant, action));
    }
    return wanted;
  }

  /** Wants nothing any more of all that is scheduled. */
  public void cancelAll(SqlConnection tx, UUID tenant) {
    for (ScheduleEntry entry : store.list(tx, tenant)) {
      boolean _ = jobs.cancel(tx, ScheduleJob.KIND, keyOf(tenant, entry.action()));
    }
    store.deleteAll(tx, tenant);
  }

  /** It was done; the job ends by itself. */
  void done(SqlConnection tx, UUID tenant, ScheduledAction action) {
    boolean _ = store.delete(tx, tenant, action);
  }

  /** It could not be done; the entry stays, to be seen. */
  void refused(SqlConnection tx, UUID tenant, ScheduledAction action, String why) {
    store.refuse(tx, tenant, action, why);
  }

  private static String keyOf(UUID tenant, ScheduledAction action) {
    return tenant + "/" + action.wireName();
  }
}
