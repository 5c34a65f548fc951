package dev.gatehouse.controlplane.schedule;

import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.tenant.Transition;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/** Does what is scheduled for a tenant when it is due. */
public final class ScheduleJob implements JobHandler {
  /** The kind of the jobs. */
  public static final String KIND = "tenant-schedule";

  private static final String ACTOR = "schedule";

  private final ScheduleService schedules;
  private final TenantService tenants;

  public ScheduleJob(ScheduleService schedules, TenantService tenants) {
    this.schedules = schedules;
    this.tenants = tenants;
  }

  @Override
  public Effect run(Job job) {
    UUID id = UUID.fromString(job.payload().getString("tenant"));
    ScheduledAction action = ScheduledAction.fromWireName(job.payload().getString("action"));
    return tx -> {
      perform(tx, id, action);
      return Next.done();
    };
  }

  private void perform(SqlConnection tx, UUID id, ScheduledAction action) {
    Optional<Tenant> tenant = tenants.lockById(tx, id);
    Optional<ScheduleEntry> entry = schedules.find(tx, id, action);
    if (tenant.isEmpty() || entry.isEmpty()) {
      return; // It is deleted, or does not want it any more.
    }
    try {
      if (tenant.get().status() != transition(action).to()) {
        requireArchivedForDeletion(action, tenant.get());
        schedules.done(tx, id, action);
        tenants.moveByJob(tx, tenant.get(), transition(action), reason(entry.get()), ACTOR);
      } else {
        schedules.done(tx, id, action);
      }
    } catch (ProblemException refusal) {
      if (refusal.problem() != Problem.TRANSITION_NOT_ALLOWED) {
        throw refusal;
      }
      schedules.refused(tx, id, action, String.valueOf(refusal.getMessage()));
    }
  }

  private static void requireArchivedForDeletion(ScheduledAction action, Tenant tenant) {
    if (action == ScheduledAction.DELETE && tenant.status() != TenantStatus.ARCHIVED) {
      throw new ProblemException(
          Problem.TRANSITION_NOT_ALLOWED,
          "the tenant is "
              + tenant.status().wireName()
              + ": only an archived one is deleted by schedule");
    }
  }

  private static Transition transition(ScheduledAction action) {
    return switch (action) {
      case SUSPEND, END_TRIAL -> Transition.SUSPEND;
      case ARCHIVE -> Transition.ARCHIVE;
      case DELETE -> Transition.DELETE;
    };
  }

  private static Optional<String> reason(ScheduleEntry entry) {
    return entry.action() == ScheduledAction.END_TRIAL
        ? entry.reason().or(() -> Optional.of("the trial has ended"))
        : entry.reason();
  }
}
