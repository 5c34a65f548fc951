package dev.gatehouse.controlplane.health;

import dev.gatehouse.controlplane.audit.AuditRecord;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The job that judges all active tenants once a minute, so many in each transaction. Where there
 * are more than one run can judge, the next goes on behind them. Whatever happens meanwhile, an
 * entry in the audit trail is made once for each change: what was before is read under the same
 * lock.
 */
public final class HealthRound implements JobHandler {
  /** The kind of the one job. */
  public static final String KIND = "health";

  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Duration KEEP = Duration.ofDays(92);

  /** Tenants of one transaction. */
  private static final int AT_ONCE = 500;

  /** Well within the lease of a job. */
  private static final Duration LONGEST_RUN = Duration.ofSeconds(30);

  private final HealthStore store = new HealthStore();
  private final FactsReader reader;
  private final Database database;
  private final AuditService audit;
  private final InstantSource clock;

  /**
   * @param rotateEvery how long a key of a tenant's keyset is the newest one, as it is configured
   * @param audit told of states that changed
   */
  public HealthRound(
      Duration rotateEvery, Database database, AuditService audit, InstantSource clock) {
    this.reader = new FactsReader(rotateEvery);
    this.database = database;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public Effect run(Job job) {
    Instant begin = clock.instant();
    boolean ended = judgeAll(begin);
    Instant next = ended ? begin.plus(EVERY) : clock.instant();
    return _ -> Next.again(next);
  }

  /** Judges everybody, or as many as there is time for; whether that was everybody. */
  boolean judgeAll(Instant begin) {
    database.runInTransaction(tx -> store.keepPartitions(tx, KEEP));
    while (database.inTransaction(this::judgeSome)) {
      if (begin.plus(LONGEST_RUN).isBefore(clock.instant())) {
        return false;
      }
    }
    database.runInTransaction(tx -> store.end(tx, clock.instant()));
    return true;
  }

  /** Whether there may be more. */
  private boolean judgeSome(SqlConnection tx) {
    store.hold(tx);
    List<UUID> tenants = store.active(tx, store.progress(tx), AT_ONCE);
    if (tenants.isEmpty()) {
      return false;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Map<UUID, Kept> before = store.kept(tx, tenants);
    Map<UUID, Usual> known = new HashMap<>();
    before.forEach((id, kept) -> kept.usual().ifPresent(usual -> known.put(id, usual)));
    FactsReader.Read read = reader.read(tx, tenants, known, now);
    List<Verdict> verdicts =
        read.facts().stream()
            .map(facts ->
                Verdict.of(
                    facts.tenant(),
                    before.getOrDefault(facts.tenant(), Kept.first(now)),
                    Judgement.of(facts),
                    Optional.ofNullable(read.usual().get(facts.tenant())),
                    now))
            .toList();
    store.put(tx, verdicts);
    store.keep(tx, verdicts.stream().filter(Verdict::isKept).toList());
    store.advance(tx, tenants.getLast(), tenants.size(), now);
    List<AuditRecord> told = verdicts.stream().flatMap(verdict -> verdict.told().stream()).toList();
    if (!told.isEmpty()) {
      audit.append(tx, told);
    }
    return tenants.size() == AT_ONCE;
  }
}
