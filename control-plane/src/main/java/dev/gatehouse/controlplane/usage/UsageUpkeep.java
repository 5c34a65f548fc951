package dev.gatehouse.controlplane.usage;

import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job that adds minutes up to hours, and hours to days, once more for each that has changed;
 * and that makes room for what is to come, and drops what is older than is kept.
 */
public final class UsageUpkeep implements JobHandler {
  /** The kind of the one job. */
  public static final String KIND = "usage";

  private static final Logger LOG = LoggerFactory.getLogger(UsageUpkeep.class);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** A day is added up from all its hours: that is not worth it with every change of one. */
  private static final String DUE =
      """
      SELECT step, at FROM usage_due
       WHERE step = 'hour' OR at + interval '1 day' < now() OR extract(minute FROM now())::int % 5 = 0
       ORDER BY step DESC, at LIMIT 50
      """;

  private static final String HOLD =
      "SELECT pg_advisory_xact_lock(hashtextextended('usage ' || $1, 0))";
  private static final String TAKE = "DELETE FROM usage_due WHERE step = $1 AND at = $2";

  private final Database database;
  private final Retention retention;
  private final InstantSource clock;

  /**
   * @param retention how long what is kept
   */
  public UsageUpkeep(Database database, Retention retention, InstantSource clock) {
    this.database = database;
    this.retention = retention;
    this.clock = clock;
  }

  private record Due(String step, OffsetDateTime at) {}

  @Override
  public Effect run(Job job) {
    database.runInTransaction(this::keepPartitions);
    database.runInTransaction(tx -> {
      DailyActivity.forget(tx, retention.keepDays());
      UsageStore.forgetLost(tx, retention.keepDays());
    });
    addUpWhatIsDue();
    return _ -> Next.again(clock.instant().plus(PAUSE));
  }

  /** What cannot be added up keeps nothing else from it, and is tried again. */
  void addUpWhatIsDue() {
    for (Due due : database.withConnection(UsageUpkeep::due)) {
      try {
        database.runInTransaction(tx -> addUp(tx, due));
      } catch (RuntimeException e) {
        LOG.error("usage of the {} from {} on cannot be added up yet", due.step, due.at, e);
      }
    }
  }

  private void keepPartitions(SqlConnection tx) {
    tx.preparedQuery(
            "SELECT usage_partitions($1::text::interval, $2::text::interval, $3::text::interval)")
        .execute(
            Tuple.of(
                retention.keepMinutes().toString(),
                retention.keepHours().toString(),
                retention.keepDays().toString()))
        .await();
  }

  private static List<Due> due(SqlConnection connection) {
    List<Due> due = new ArrayList<>();
    for (Row row : connection.query(DUE).execute().await()) {
      due.add(new Due(row.getString("step"), row.getOffsetDateTime("at")));
    }
    return due;
  }

  /** All anew, so that it does not matter how often. */
  private static void addUp(SqlConnection tx, Due due) {
    String from = due.step.equals("hour") ? "minute" : "hour";
    tx.preparedQuery(HOLD).execute(Tuple.of(due.at.toString())).await();
    tx.preparedQuery(TAKE).execute(Tuple.of(due.step, due.at)).await();
    tx.preparedQuery("DELETE FROM usage_%s WHERE at = $1".formatted(due.step))
        .execute(Tuple.of(due.at))
        .await();
    tx.preparedQuery(addingUp(due.step, from)).execute(Tuple.of(due.at)).await();
    if (due.step.equals("hour")) {
      tx.preparedQuery(
              """
              INSERT INTO usage_due (step, at) VALUES ('day', date_trunc('day', $1::timestamptz, 'UTC'))
              ON CONFLICT DO NOTHING
              """)
          .execute(Tuple.of(due.at))
          .await();
    } else {
      DailyActivity.addUp(tx, due.at);
    }
  }

  private static String addingUp(String step, String from) {
    return """
    INSERT INTO usage_%1$s (at, tenant_id, route_id, service, %2$s)
    SELECT $1, tenant_id, route_id, service, %3$s
      FROM usage_%4$s
     WHERE at >= $1 AND at < $1 + interval '1 %1$s'
     GROUP BY tenant_id, route_id, service
    """
        .formatted(step, Counters.each("%1$s"), Counters.each(Counters.sum("%1$s")), from);
  }
}
