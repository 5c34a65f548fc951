package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Hostname;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Custom domains in PostgreSQL. */
final class DomainStore {
  private static final String INSERT =
      "INSERT INTO domain (host, tenant_id) VALUES ($1, $2) RETURNING host, created_at";

  private static final String DELETE = "DELETE FROM domain WHERE tenant_id = $1 AND host = $2";

  private static final String DELETE_ALL = "DELETE FROM domain WHERE tenant_id = $1";

  private static final String LIST =
      """
      SELECT host, created_at FROM domain
       WHERE tenant_id = $1 AND host > $2
       ORDER BY host LIMIT $3
      """;

  private static final String HOSTS =
      "SELECT host, created_at FROM domain WHERE tenant_id = $1 ORDER BY host";

  Domain insert(SqlConnection tx, UUID tenantId, Hostname host) {
    return stream(tx.preparedQuery(INSERT).execute(Tuple.of(host.value(), tenantId)).await())
        .findFirst()
        .orElseThrow();
  }

  boolean delete(SqlConnection tx, UUID tenantId, String host) {
    return tx.preparedQuery(DELETE).execute(Tuple.of(tenantId, host)).await().rowCount() == 1;
  }

  void deleteAll(SqlConnection tx, UUID tenantId) {
    tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenantId)).await();
  }

  List<Domain> list(SqlConnection connection, UUID tenantId, String after, int count) {
    Tuple values = Tuple.of(tenantId, after, count);
    return stream(connection.preparedQuery(LIST).execute(values).await()).toList();
  }

  List<Hostname> hosts(SqlConnection connection, UUID tenantId) {
    return stream(connection.preparedQuery(HOSTS).execute(Tuple.of(tenantId)).await())
        .map(Domain::host)
        .toList();
  }

  private static Stream<Domain> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(
            row ->
                new Domain(
                    new Hostname(row.getString("host")),
                    row.getOffsetDateTime("created_at").toInstant()));
  }
}
