package dev.gatehouse.deploy.console;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** What the platform did in the year before, written where analytics reads it. */
final class History {
  private History() {}

  static void write(String databaseUrl) {
    URI uri = URI.create(databaseUrl);
    String[] login = uri.getUserInfo().split(":", 2);
    String url = "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath());
    try (Connection connection = DriverManager.getConnection(url, login[0], login[1]);
        Statement statement = connection.createStatement()) {
      for (String sql : SQL) {
        boolean _ = statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final String[] SQL = {
    """
    UPDATE tenant SET created_at = now() - make_interval(days => (20 + 24 * position)::int)
      FROM (SELECT id, row_number() OVER (ORDER BY slug) AS position FROM tenant) AS numbered
     WHERE numbered.id = tenant.id AND slug <> 'acme'
    """,
    """
    UPDATE plan SET document = document ||
      '{"objectives": {"availability": {"target": 99.9}, "latency": {"target": 99, "withinMillis": 250}}}'
     WHERE name IN ('team', 'business')
    """,
    """
    INSERT INTO activity_day
    SELECT t.id, day::date, n * 11 / 10, n, n * 9000, n / CASE WHEN t.slug = 'hooli' THEN 400 ELSE 4000 END,
           0, 0, array_fill(n, ARRAY[22])
      FROM tenant t
     CROSS JOIN generate_series(t.created_at, now() - interval '1 day', interval '1 day') AS day
     CROSS JOIN LATERAL (
             SELECT (1000 + 12 * (day::date - (now() - interval '1 year')::date)
                     + abs(hashtext(t.slug)) % 2000)
                    * CASE WHEN extract(isodow FROM day) > 5 THEN 1 ELSE 4 END AS n) AS count
     WHERE t.slug <> 'initech' OR day < now() - interval '31 days'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO activity_cohort
    SELECT date_trunc('month', t.created_at AT TIME ZONE 'UTC')::date,
           date_trunc('month', a.day::timestamp)::date, count(DISTINCT t.id)
      FROM activity_day a JOIN tenant t ON t.id = a.tenant_id
     GROUP BY 1, 2
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO quota_forecast
    SELECT id, 'requestsPerMonth', date_trunc('month', now())::date, 1000 * (100 - position),
           100000, 1450 * (100 - position),
           CASE WHEN position < 5 THEN now() + make_interval(days => position::int) END, 'weekdays',
           2.4, CASE WHEN position < 5 THEN position ELSE 1e12 + position END, now()
      FROM (SELECT id, row_number() OVER (ORDER BY slug) * 6 AS position FROM tenant LIMIT 6) AS few
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO error_budget
    SELECT o.tenant_id, o.objective, o.target, o.within_millis, o.bound, o.window_days, 1000000,
           (1000000 * (1 - o.target / 100) * share)::bigint, 1 - share, share * 3, share * 2, share,
           false, true, CASE WHEN share > 0.9 THEN now() - interval '40 minutes' END, NULL, now()
      FROM (SELECT *, (row_number() OVER (ORDER BY tenant_id DESC, objective) * 0.13)::float8 AS share
              FROM tenant_objective) AS o
    ON CONFLICT DO NOTHING
    """
  };
}
