package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.security.SecurityReport;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Which reports of gateways are recorded. */
final class GatewayReportStore {
  /** One row a run of a gateway; runs that were not heard of for a month are forgotten. */
  private static final String TAKE =
      """
      WITH forgotten AS (
        DELETE FROM gateway_report WHERE seen_at < now() - interval '30 days'
           AND (gateway, run) <> ($1, $2)
      )
      INSERT INTO gateway_report AS known (gateway, run, sequence) VALUES ($1, $2, $3)
      ON CONFLICT (gateway, run) DO UPDATE
         SET sequence = excluded.sequence, seen_at = now()
       WHERE known.sequence < excluded.sequence
      """;

  private static final String TENANTS = "SELECT id FROM tenant WHERE id = ANY($1)";

  /** Whether the report is newer than all that its run has handed in. */
  boolean isNew(SqlConnection tx, SecurityReport report) {
    return tx.preparedQuery(TAKE)
            .execute(Tuple.of(report.gateway(), report.run(), report.sequence()))
            .await()
            .rowCount()
        == 1;
  }

  /** Those of the tenants that there are, or were. */
  Set<UUID> knownTenants(SqlConnection tx, Set<UUID> tenants) {
    Set<UUID> known = new HashSet<>();
    Tuple values = Tuple.tuple().addArrayOfUUID(tenants.toArray(UUID[]::new));
    for (Row row : tx.preparedQuery(TENANTS).execute(values).await()) {
      known.add(row.getUUID(0));
    }
    return known;
  }
}
