package dev.gatehouse.controlplane.analytics;

import dev.gatehouse.controlplane.Sql;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes what tenants did where gateways' reports would have brought it. */
final class Activity {
  private static final int BUCKETS = 22;

  private final Sql sql;

  Activity(Sql sql) {
    this.sql = sql;
  }

  /**
   * A day.
   *
   * @param slow how many of the requests that were let in took longer than 250 ms
   */
  void day(UUID tenant, LocalDate day, long billable, long errors, long slow) {
    String within =
        IntStream.range(0, BUCKETS)
            .mapToObj(i -> Long.toString(i < 13 ? 0 : i == 13 ? billable - slow : billable))
            .collect(Collectors.joining(","));
    sql.execute(
        """
        INSERT INTO activity_day VALUES ('%s', '%s', %d, %d, %d, %d, 0, 0, '{%s}')
        """
            .formatted(tenant, day, billable + 1000, billable, billable * 1000, errors, within));
    sql.execute(
        """
        INSERT INTO activity_due
        SELECT generate_series('%1$s'::timestamp, least('%1$s'::date + 30, now()), interval '1 day')::date
        ON CONFLICT DO NOTHING
        """
            .formatted(day));
  }

  /** A minute and an hour. */
  void served(String table, UUID tenant, Instant at, long count, long errors) {
    String columns =
        IntStream.range(0, BUCKETS)
            .mapToObj(i -> String.format(Locale.ROOT, "latency_%02d", i))
            .collect(Collectors.joining(", "));
    String times =
        IntStream.range(0, BUCKETS)
            .mapToObj(i -> i == 4 ? Long.toString(count) : "0")
            .collect(Collectors.joining(", "));
    sql.execute(
        """
        INSERT INTO %s (at, tenant_id, route_id, service, requests_0, requests_1, requests_2,
          requests_3, requests_4, requests_5, billable, limited, refused, bytes_in, bytes_out,
          websocket_millis, micros, %s)
        VALUES ('%s', '%s', '00000000-0000-0000-0000-000000000001', 'orders', 0, 0, %d, 0, 0, %d, %d,
                0, 0, 0, 0, 0, 0, %s)
        """
            .formatted(table, columns, at, tenant, count - errors, errors, count, times));
  }
}
