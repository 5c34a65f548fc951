package dev.gatehouse.controlplane.analytics;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.Iterator;

/** What all tenants did by the day, added up. Virtual threads only. */
final class TotalStore {
  /**
   * Also days on which nobody does anything change how many were active in the days up to them. The
   * last one known is added up once more: it was not over.
   */
  private static final String CALL_UP_NEW_DAYS =
      """
      INSERT INTO activity_due (day)
      SELECT generate_series(greatest(max(day), $1::date - 400), $1::date, interval '1 day')::date
        FROM activity_total
      HAVING max(day) < $1
      ON CONFLICT DO NOTHING
      """;

  private static final String TAKE_NEWEST =
      "DELETE FROM activity_due WHERE day = (SELECT max(day) FROM activity_due) RETURNING day";

  private static final String FORGET = "DELETE FROM activity_total WHERE day = $1";

  /** No week, month or span of 30 days goes back further than 31 days. */
  private static final String ADD_UP =
      """
      WITH did AS (
        SELECT tenant_id, max(day) FILTER (WHERE billable > 0) AS latest,
               sum(requests) FILTER (WHERE day = $1) AS requests,
               sum(bytes) FILTER (WHERE day = $1) AS bytes,
               sum(errors) FILTER (WHERE day = $1) AS errors
          FROM activity_day
         WHERE day > $1::date - 31 AND day <= $1
         GROUP BY tenant_id
      ), ended AS (
        SELECT least(($1::date + 1)::timestamp AT TIME ZONE 'UTC', now()) AS at
      )
      INSERT INTO activity_total
      SELECT $1, coalesce(s.plan, ''), bounded(coalesce(sum(requests), 0)),
             bounded(coalesce(sum(bytes), 0)), bounded(coalesce(sum(errors), 0)),
             count(*) FILTER (WHERE latest = $1),
             count(*) FILTER (WHERE latest >= date_trunc('week', $1::date::timestamp)),
             count(*) FILTER (WHERE latest >= date_trunc('month', $1::date::timestamp)),
             count(*) FILTER (WHERE latest > $1::date - 7),
             count(*) FILTER (WHERE latest > $1::date - 30)
        FROM did
       CROSS JOIN ended
        LEFT JOIN subscription_period s
          ON s.tenant_id = did.tenant_id AND s.starts_at < ended.at
         AND (s.ends_at IS NULL OR s.ends_at >= ended.at)
       GROUP BY 2
      """;

  /** So that it is known to be added up. */
  private static final String NOBODY =
      "INSERT INTO activity_total VALUES ($1, '', 0, 0, 0, 0, 0, 0, 0, 0)";

  /** Sees to it that all days up to one are added up. */
  void callUpNewDays(SqlConnection tx, LocalDate today) {
    tx.preparedQuery(CALL_UP_NEW_DAYS).execute(Tuple.of(today)).await();
  }

  /** Adds up the newest day that is due; false if none is. */
  boolean addUpNext(SqlConnection tx) {
    Iterator<Row> taken = tx.preparedQuery(TAKE_NEWEST).execute().await().iterator();
    if (!taken.hasNext()) {
      return false;
    }
    Tuple day = Tuple.of(taken.next().getLocalDate("day"));
    tx.preparedQuery(FORGET).execute(day).await();
    if (tx.preparedQuery(ADD_UP).execute(day).await().rowCount() == 0) {
      tx.preparedQuery(NOBODY).execute(day).await();
    }
    return true;
  }
}
