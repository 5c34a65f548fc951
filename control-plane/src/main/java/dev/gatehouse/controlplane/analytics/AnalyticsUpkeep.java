package dev.gatehouse.controlplane.analytics;

import dev.gatehouse.controlplane.audit.Actor;
import dev.gatehouse.controlplane.audit.AuditRecord;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The job that computes error budgets, and tells of those that burn or are used up, each occurrence
 * once; that adds up what all tenants did; and, less often, computes cohorts and forecasts. It
 * takes a twentieth of the time at most.
 */
public final class AnalyticsUpkeep implements JobHandler {
  /** The kind of the one job. */
  public static final String KIND = "analytics";

  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int PAUSE_PER_WORK = 20;
  private static final Duration LOOK_AHEAD_EVERY = Duration.ofMinutes(10);

  /** So that the chains of no more tenants are locked at once. */
  private static final int TOLD_AT_ONCE = 500;

  /** After a first start with a long history, the next runs do the rest. */
  private static final int DAYS_AT_ONCE = 62;

  private static final String HOLD = "SELECT pg_advisory_xact_lock(hashtext('analytics'))";

  private final BudgetStore budgets = new BudgetStore();
  private final TotalStore totals = new TotalStore();
  private final CohortStore cohorts = new CohortStore();
  private final ForecastStore forecasts = new ForecastStore();
  private final Database database;
  private final AuditService audit;
  private final InstantSource clock;

  /** By this instance; another may have done it meanwhile, which does no harm. */
  private volatile Instant lookedAhead = Instant.MIN;

  /**
   * @param audit told of budgets
   */
  public AnalyticsUpkeep(Database database, AuditService audit, InstantSource clock) {
    this.database = database;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public Effect run(Job job) {
    Instant begin = clock.instant();
    watchBudgets();
    addUpDays();
    if (lookedAhead.isBefore(begin.minus(LOOK_AHEAD_EVERY))) {
      lookAhead();
      lookedAhead = begin;
    }
    Duration pause = Duration.between(begin, clock.instant()).multipliedBy(PAUSE_PER_WORK);
    return _ -> Next.again(clock.instant().plus(pause.compareTo(PAUSE) > 0 ? pause : PAUSE));
  }

  /** Computes the budgets, and tells of them. */
  void watchBudgets() {
    Instant now = clock.instant();
    database.runInTransaction(tx -> {
      hold(tx);
      budgets.refresh(tx, now);
    });
    for (BudgetStore.Alert alert : BudgetStore.Alert.values()) {
      int told = TOLD_AT_ONCE;
      while (told == TOLD_AT_ONCE) {
        told = database.inTransaction(tx -> tell(tx, alert, now));
      }
    }
  }

  /** Adds up the days that have changed, the newest first, each in a transaction of its own. */
  void addUpDays() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    database.runInTransaction(tx -> totals.callUpNewDays(tx, today));
    boolean more = true;
    for (int i = 0; i < DAYS_AT_ONCE && more; i++) {
      more =
          database.inTransaction(tx -> {
            hold(tx);
            return totals.addUpNext(tx);
          });
    }
  }

  /** Computes cohorts and forecasts. */
  void lookAhead() {
    Instant now = clock.instant();
    database.runInTransaction(tx -> {
      hold(tx);
      cohorts.refresh(tx, now);
      forecasts.refresh(tx, now);
    });
  }

  private int tell(SqlConnection tx, BudgetStore.Alert alert, Instant now) {
    hold(tx);
    List<ErrorBudget> told = budgets.tell(tx, alert, now, TOLD_AT_ONCE);
    audit.append(tx, told.stream().map(budget -> recordOf(alert, budget)).toList());
    return told.size();
  }

  private static AuditRecord recordOf(BudgetStore.Alert alert, ErrorBudget budget) {
    String action =
        switch (alert) {
          case BURNING -> "tenant.error-budget-burning";
          case USED_UP -> "tenant.error-budget-used-up";
        };
    return AuditRecord.of(budget.tenant(), action, Actor.SYSTEM, "")
        .with("outcome", "observed")
        .withDocument("budget", Optional.of(budget.toJson()));
  }

  private static void hold(SqlConnection tx) {
    tx.query(HOLD).execute().await();
  }
}
