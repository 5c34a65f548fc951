package dev.gatehouse.controlplane.usage;

import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.audit.Actor;
import dev.gatehouse.controlplane.audit.AuditRecord;
import dev.gatehouse.controlplane.audit.AuditService;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;

/** The rules of what is counted, and how often. Blocks: virtual threads only. */
public final class UsageService {
  /** Older minutes may be gone already; gateways keep reports for 36 h at most. */
  private static final Duration OLDEST = Duration.ofHours(40);

  /** A gateway that was away for long says so when it is back. */
  private static final Duration OLDEST_LOST = Duration.ofDays(400);

  private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

  private final UsageStore store = new UsageStore();
  private final QuotaStore quotas = new QuotaStore();
  private final AuditService audit;
  private final InstantSource clock;

  /**
   * @param audit told of quotas that are nearly, or all, used
   */
  public UsageService(AuditService audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Counts a report, unless it was counted before.
   *
   * @throws ProblemException {@code INVALID_BODY} if it is too old, or of the future
   */
  void record(SqlConnection tx, UsageReport report) {
    requireTime("/from", report.from(), OLDEST);
    report
        .lost()
        .ifPresent(lost -> {
          requireTime("/lost/from", lost.from(), OLDEST_LOST);
          requireTime("/lost/to", lost.to(), OLDEST_LOST);
        });
    if (!store.isNew(tx, report)) {
      return;
    }
    store.addLost(tx, report);
    if (report.routes().isEmpty()) {
      return;
    }
    store.add(tx, report);
    YearMonth month = MonthlyUse.monthOf(report.from());
    quotas.add(tx, month, report);
    List<UUID> tenants = report.routes().stream().map(RouteUsage::tenant).distinct().toList();
    List<AuditRecord> reached =
        quotas.reach(tx, month, tenants).stream().map(one -> recordOf(one, month)).toList();
    if (!reached.isEmpty()) {
      audit.append(tx, reached);
    }
  }

  private static AuditRecord recordOf(QuotaStore.Reached reached, YearMonth month) {
    String action = reached.percent() < 100 ? "usage.quota-nearly-used" : "usage.quota-used-up";
    return AuditRecord.of(reached.tenant(), action, Actor.SYSTEM, "")
        .with("outcome", "observed")
        .with("quota", reached.quota())
        .with("percent", reached.percent())
        .with("month", month.toString());
  }

  private void requireTime(String pointer, Instant time, Duration oldest) {
    Instant now = clock.instant();
    if (time.isBefore(now.minus(oldest)) || time.isAfter(now.plus(CLOCKS_DIFFER))) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(
              Fault.at(
                  pointer,
                  "must be within the last %d hours, found %s; it is %s here"
                      .formatted(oldest.toHours(), time, now))));
    }
  }

  /** What gateways are told of this month. */
  MonthlyUse nearQuota(SqlConnection connection) {
    return quotas.nearQuota(connection, MonthlyUse.monthOf(clock.instant()));
  }

  /** What was done. */
  List<UsageRow> rows(SqlConnection connection, UsageQuery query) {
    return store.rows(connection, query);
  }

  /** The same as a document, with the times of which counts are missing. */
  JsonObject document(SqlConnection connection, UsageQuery query) {
    List<UsageRow> rows = rows(connection, query);
    return new JsonObject()
        .put("from", query.from().toString())
        .put("to", query.to().toString())
        .put("items", new JsonArray(rows.stream().map(UsageRow::toJson).toList()))
        .put("lost", new JsonArray(store.lostWithin(connection, query.from(), query.to())));
  }

  /** What a tenant has used of its quotas in this month. */
  JsonObject quotas(SqlConnection connection, UUID tenant) {
    Instant now = clock.instant();
    YearMonth month = MonthlyUse.monthOf(now);
    List<Quota> used = quotas.ofTenant(connection, tenant, month, now);
    return new JsonObject()
        .put("month", month.toString())
        .put("endsAt", MonthlyUse.beginOf(month.plusMonths(1)).toString())
        .put("items", new JsonArray(used.stream().map(Quota::toJson).toList()));
  }

  /** Forgets what a tenant did; part of its erasure. */
  public boolean erase(SqlConnection tx, UUID tenant) {
    return store.erase(tx, tenant);
  }

  Instant now() {
    return clock.instant();
  }
}
