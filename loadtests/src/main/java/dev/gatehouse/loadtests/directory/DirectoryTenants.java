package dev.gatehouse.loadtests.directory;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Many tenants in the database of a control plane: nine of ten active, names of two words and a
 * number, every tenth with a custom domain. The same seed gives the same.
 */
final class DirectoryTenants {
  private static final String TENANTS =
      """
      WITH numbered AS (
        SELECT n, hashtextextended(n::text, ?) AS h FROM generate_series(1, ?) AS n
      )
      INSERT INTO tenant (id, slug, name, status, document, created_at, updated_at)
      SELECT (substr(t, 1, 8) || '-' || substr(t, 9, 4) || '-7000-8000-'
               || lpad(to_hex(n), 12, '0'))::uuid,
             lower(first || '-' || second) || '-' || n,
             first || ' ' || second || ' ' || n,
             CASE WHEN kind < 90 THEN 'active' WHEN kind < 94 THEN 'suspended'
                  WHEN kind < 96 THEN 'pending' WHEN kind < 98 THEN 'archived'
                  ELSE 'deleted' END,
             '{"limits": {"requestsPerSecond": 100, "burst": 200}, "billing": {"plan": "team"}}',
             timestamptz '2025-01-01' + n * interval '5 minutes',
             timestamptz '2025-01-01' + n * interval '5 minutes' + (abs(h) % 1000) * interval '1 hour'
        FROM (
          SELECT n, h, abs(h) % 100 AS kind,
                 lpad(to_hex(1735689600000 + n * 300000::bigint), 12, '0') AS t,
                 (ARRAY['North','South','Amber','Cobalt','Rapid','Quiet','Solar','Urban','Prime','Vivid'])
                   [1 + abs(h / 100) % 10] AS first,
                 (ARRAY['Foods','Motors','Labs','Textiles','Energy','Clinics','Travel','Books','Media','Tools'])
                   [1 + abs(h / 1000) % 10] AS second
            FROM numbered) AS made
      """;

  private static final String DOMAINS =
      """
      INSERT INTO domain (host, tenant_id, token, ownership, proved_by)
      SELECT slug || '.example.com', id, md5(slug), 'verified', 'none' FROM tenant
       WHERE status <> 'deleted' AND right(slug, 1) = '0'
      """;

  private DirectoryTenants() {}

  /** Writes them. */
  static void write(String databaseUrl, int count, long seed) throws SQLException {
    URI uri = URI.create(databaseUrl);
    String[] login = uri.getUserInfo().split(":", 2);
    String jdbc = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
    try (Connection connection = DriverManager.getConnection(jdbc, login[0], login[1]);
        PreparedStatement tenants = connection.prepareStatement(TENANTS);
        Statement statement = connection.createStatement()) {
      int _ = statement.executeUpdate("INSERT INTO plan (name, document) VALUES ('team', '{}')");
      tenants.setLong(1, seed);
      tenants.setInt(2, count);
      int _ = tenants.executeUpdate();
      int _ = statement.executeUpdate(DOMAINS);
      boolean _ = statement.execute("VACUUM ANALYZE tenant, domain");
    }
  }
}
