package dev.gatehouse.controlplane.usage;

import dev.gatehouse.contract.usage.LatencyBuckets;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What each tenant did by the day, in one row: written with the day itself, read by analytics. */
final class DailyActivity {
  /** Rows are never taken away here: those of erased tenants have no day of their own any more. */
  private static final String ADD_UP =
      """
      INSERT INTO activity_day AS known
             (tenant_id, day, requests, billable, bytes, errors, unanswered, informational, within)
      SELECT tenant_id, ($1::timestamptz AT TIME ZONE 'UTC')::date,
             %s, %s, %s, %s, %s, %s, ARRAY[%s]::bigint[]
        FROM usage_day WHERE at = $1
       GROUP BY tenant_id
      ON CONFLICT (tenant_id, day) DO UPDATE
         SET requests = excluded.requests, billable = excluded.billable, bytes = excluded.bytes,
             errors = excluded.errors, unanswered = excluded.unanswered,
             informational = excluded.informational, within = excluded.within
      """
          .formatted(
              Counters.sum(Counters.REQUESTS),
              Counters.sum("billable"),
              Counters.sum("bytes_in + bytes_out"),
              Counters.sum("requests_5"),
              Counters.sum("requests_0"),
              Counters.sum("requests_1"),
              IntStream.range(0, LatencyBuckets.COUNT)
                  .mapToObj(DailyActivity::within)
                  .collect(Collectors.joining(", ")));

  /**
   * A day tells who was active in the 30 days from it on. One that is due already is locked: who
   * adds it up sees this first.
   */
  private static final String CALL_UP_TOTALS =
      """
      INSERT INTO activity_due (day)
      SELECT generate_series(
             ($1::timestamptz AT TIME ZONE 'UTC')::date::timestamp,
             least(($1::timestamptz AT TIME ZONE 'UTC')::date + 30, (now() AT TIME ZONE 'UTC')::date),
             interval '1 day')::date
      ON CONFLICT (day) DO UPDATE SET day = excluded.day
      """;

  private static final String FORGET =
      """
      DELETE FROM activity_day WHERE (tenant_id, day) IN (
        SELECT tenant_id, day FROM activity_day
         WHERE day < (now() AT TIME ZONE 'UTC')::date - $1::int LIMIT 20000)
      """;

  /** What is left adds up to what all did, and leads to nobody. */
  private static final String DISOWN =
      "UPDATE activity_day SET tenant_id = $2, within = NULL WHERE tenant_id = $1";

  private DailyActivity() {}

  private static String within(int bucket) {
    return Counters.sum(
        IntStream.rangeClosed(0, bucket)
            .mapToObj(Counters::latency)
            .collect(Collectors.joining(" + ")));
  }

  /** Takes over a day that was just added up; those of all tenants are to be added up then. */
  static void addUp(SqlConnection tx, OffsetDateTime day) {
    tx.preparedQuery(ADD_UP).execute(Tuple.of(day)).await();
    tx.preparedQuery(CALL_UP_TOTALS).execute(Tuple.of(day)).await();
  }

  /** Forgets some of what is older than days are kept. */
  static void forget(SqlConnection tx, Duration keep) {
    tx.preparedQuery(FORGET).execute(Tuple.of((int) keep.toDays())).await();
  }

  /** Makes a tenant's rows nobody's. */
  static void disown(SqlConnection tx, UUID tenant) {
    tx.preparedQuery(DISOWN).execute(Tuple.of(tenant, UUID.randomUUID())).await();
  }
}
