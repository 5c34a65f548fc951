package dev.gatehouse.controlplane.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Sql;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How long each report takes with as many tenants as {@code gatehouse.analytics.tenants} says, each
 * of them active on every day of a year and in every minute of the last hour, on one route.
 */
@EnabledIfSystemProperty(named = "gatehouse.analytics.tenants", matches = "[0-9]+")
class ScaleTest {
  private static final int TENANTS = Integer.getInteger("gatehouse.analytics.tenants", 10_000);

  private static final String COUNTS =
      """
      0, 0, 990, 0, 0, 10, 1000, 0, 0, 1000, 1000, 0, 4000, 0, 0, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0
      """;

  private static final List<String> FILLING =
      List.of(
          "INSERT INTO plan (name, document) VALUES ('pro', '{\"limits\": {\"requestsPerMonth\": 1000000},"
              + " \"objectives\": {\"availability\": {\"target\": 99.9}, \"latency\":"
              + " {\"target\": 99, \"withinMillis\": 250}}}')",
          """
          INSERT INTO tenant (id, slug, name, status, document, created_at)
          SELECT gen_random_uuid(), 't' || n, 'T ' || n, 'active', '{"billing": {"plan": "pro"}}',
                 now() - make_interval(days => (n * 365.0 / %1$d)::int)
            FROM generate_series(1, %1$d) AS n
          """
              .formatted(TENANTS),
          """
          INSERT INTO activity_day
          SELECT t.id, current_date - n, 3000, 3000, 300000, 30, 0, 0, array_fill(3000::bigint, ARRAY[22])
            FROM tenant t CROSS JOIN generate_series(0, 364) AS n
          """,
          "INSERT INTO activity_due SELECT generate_series(current_date - 364, current_date, interval '1 day')",
          """
          INSERT INTO usage_month
          SELECT t.id, (date_trunc('month', now()) - make_interval(months => n))::date, 90000, 9000000
            FROM tenant t CROSS JOIN generate_series(0, 11) AS n
          """,
          """
          INSERT INTO usage_minute
          SELECT date_trunc('minute', now()) - make_interval(mins => n), t.id,
                 ('00000000-0000-0000-0000-00000000000' || r)::uuid, 'orders', %s
            FROM tenant t CROSS JOIN generate_series(0, 59) AS n CROSS JOIN generate_series(1, 1) AS r
          """
              .formatted(COUNTS),
          """
          INSERT INTO usage_hour
          SELECT date_trunc('hour', now()) - make_interval(hours => n), t.id,
                 ('00000000-0000-0000-0000-00000000000' || r)::uuid, 'orders', %s
            FROM tenant t CROSS JOIN generate_series(0, 71) AS n CROSS JOIN generate_series(1, 1) AS r
          """
              .formatted(COUNTS),
          "ANALYZE");

  @Test
  void takesSoLong() {
    String url = TestBackends.freshDatabaseUrl();
    Vertx vertx = Vertx.vertx();
    try (ControlPlane controlPlane = OneControlPlane.start(url);
        Sql sql = new Sql(url)) {
      timed("filling", () -> FILLING.forEach(sql::execute));
      Database database = Database.open(vertx, DatabaseUrl.parse(url), 2);
      AnalyticsUpkeep upkeep =
          new AnalyticsUpkeep(database, new AuditService(), InstantSource.system());
      timed("budgets, and telling all of them", upkeep::watchBudgets);
      timed("budgets", upkeep::watchBudgets);
      timed("days of two months", upkeep::addUpDays);
      for (int month = 2; month < 12; month += 2) {
        upkeep.addUpDays();
      }
      timed("cohorts and forecasts", upkeep::lookAhead);
      ApiClient operator = OneControlPlane.operator(controlPlane);
      for (String report :
          List.of(
              "growth",
              "growth?step=day",
              "growth?step=week&from=2025-12-01T00:00:00Z",
              "growth?groupBy=plan",
              "retention",
              "quiet-tenants?days=1",
              "quota-forecasts?limit=200",
              "error-budgets?limit=200",
              "routes",
              "export?report=error-budgets",
              "export?report=quota-forecasts")) {
        timed(report, () -> get(operator, "/v1/analytics/" + report));
      }
      String slug = "/v1/tenants/t77/analytics/";
      timed("error-budgets of one", () -> get(operator, slug + "error-budgets"));
      timed("growth of one", () -> get(operator, slug + "growth"));
    } finally {
      vertx.close().await();
    }
  }

  private static void get(ApiClient operator, String path) {
    assertThat(operator.get(path).status()).isEqualTo(200);
  }

  private static void timed(String what, Runnable work) {
    long begin = System.nanoTime();
    work.run();
    System.out.printf("%-50s %6d ms%n", what, (System.nanoTime() - begin) / 1_000_000);
  }
}
