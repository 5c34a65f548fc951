package dev.gatehouse.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.Sql;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.database.Migrations;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How PostgreSQL finds tenants, on a table that is large enough for it to matter. */
@Timeout(180)
class TenantPlansTest {
  private static final String ROWS =
      """
      INSERT INTO tenant (id, slug, name, status, document, created_at, updated_at)
      SELECT ('0197c0de-' || lpad(to_hex(n / 65536), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
             'tenant-' || chr(97 + n % 26) || '-' || n,
             chr(65 + n % 26) || chr(97 + n % 7) || ' Company ' || n,
             CASE WHEN n % 100 < 90 THEN 'active' WHEN n % 100 < 95 THEN 'suspended'
                  WHEN n % 100 < 97 THEN 'archived' WHEN n % 100 < 99 THEN 'deleted'
                  ELSE 'pending' END,
             jsonb_build_object('billing', jsonb_build_object(
               'customerReference', repeat('x', 200),
               'plan', CASE WHEN n % 50 = 0 THEN 'rare' ELSE 'team' END)),
             timestamptz '2025-01-01' + n * interval '1 hour',
             timestamptz '2026-01-01' - n * interval '1 hour'
        FROM generate_series(1, 20000) AS n
      """;

  private static final Vertx VERTX = Vertx.vertx();
  private static Database database;

  @BeforeAll
  static void fill() {
    String url = MigratedDatabase.freshUrl();
    Migrations.apply(DatabaseUrl.parse(url));
    try (Sql sql = new Sql(url)) {
      sql.execute("INSERT INTO plan (name, document) VALUES ('rare', '{}'), ('team', '{}')");
      sql.execute(ROWS);
      sql.execute("VACUUM ANALYZE tenant");
    }
    database = Database.open(VERTX, DatabaseUrl.parse(url), 2);
  }

  @AfterAll
  static void stop() {
    VERTX.close().await();
  }

  private static TenantFilter filter(
      String status, String slug, String search, String plan, String from, String before) {
    return new TenantFilter(
        given(status),
        given(slug),
        given(search),
        Optional.empty(),
        given(plan),
        Optional.empty(),
        given(from).map(Instant::parse),
        given(before).map(Instant::parse));
  }

  private static Optional<String> given(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static List<TenantFilter> filters() {
    List<TenantFilter> filters = new ArrayList<>();
    for (String status : List.of("", "active", "suspended", "archived", "deleted", "pending")) {
      for (String search :
          List.of("", "company", "q-19", "no such name", "ab", "Ab", "zz", "%", "é")) {
        filters.add(filter(status, "", search, "", "", ""));
      }
      filters.add(filter(status, "tenant-a-26", "", "", "", ""));
      filters.add(filter(status, "", "", "rare", "", ""));
      filters.add(filter(status, "", "company", "rare", "", ""));
      filters.add(filter(status, "", "", "team", "", ""));
      filters.add(
          new TenantFilter(
              given(status),
              Optional.empty(),
              Optional.empty(),
              Optional.of("shop.example.com"),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
      filters.add(filter(status, "", "", "", "2025-03-01T00:00:00Z", "2025-03-02T00:00:00Z"));
      filters.add(filter(status, "", "", "", "2025-03-01T00:00:00Z", ""));
    }
    return filters;
  }

  @Test
  void noListOrSearchReadsTheWholeTable() {
    List<String> reading = new ArrayList<>();
    for (TenantSort sort : TenantSort.values()) {
      for (TenantFilter filter : filters()) {
        for (Optional<String> after : List.of(Optional.<String>empty(), key(sort))) {
          String plan = plan(TenantQuery.of(TenantStore.COLUMNS, filter, sort, after, 51));
          if (plan.contains("Seq Scan on tenant")) {
            reading.add(sort + " " + filter + " " + after + "\n" + plan);
          }
        }
      }
    }
    assertThat(reading).isEmpty();
  }

  /** One in the middle. */
  private static Optional<String> key(TenantSort sort) {
    TenantQuery all =
        TenantQuery.of(
            TenantStore.COLUMNS,
            filter("", "tenant-n-9945", "", "", "", ""),
            sort,
            Optional.empty(),
            1);
    Tenant middle =
        database.withConnection(connection -> new TenantStore().list(connection, all)).getFirst();
    return Optional.of(sort.keyOf(middle));
  }

  private static String plan(TenantQuery query) {
    StringBuilder plan = new StringBuilder();
    for (Row row :
        database.withConnection(connection ->
            connection.preparedQuery("EXPLAIN " + query.sql()).execute(query.values()).await())) {
      plan.append(row.getString(0)).append('\n');
    }
    return plan.toString();
  }
}
