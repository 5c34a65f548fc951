package dev.gatehouse.controlplane.certificate;

import static dev.gatehouse.controlplane.database.SqlTime.utc;

import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Certificates in PostgreSQL. An absent tenant is the platform. */
final class HostCertificateStore {
  private static final String COLUMNS =
      "id, tenant_id, host, chain, private_key, set_at, not_after, version, created_at, updated_at";

  private static final String INSERT =
      """
      INSERT INTO certificate (id, tenant_id, host, chain, private_key, set_at, not_after)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      RETURNING
      """
          + COLUMNS;

  private static final String UPDATE =
      """
      UPDATE certificate
         SET chain = $2, private_key = $3, set_at = $4, not_after = $5, version = version + 1,
             updated_at = now()
       WHERE id = $1
      RETURNING
      """
          + COLUMNS;

  private static final String SELECT = "SELECT " + COLUMNS + " FROM certificate WHERE ";

  private static final String FIND = SELECT + "tenant_id IS NOT DISTINCT FROM $1 AND id = $2";

  private static final String OF_HOST = SELECT + "tenant_id = $1 AND host = $2";

  private static final String LIST =
      SELECT
          + """
          tenant_id IS NOT DISTINCT FROM $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
          """;

  private static final String COUNT_UPLOADED =
      """
      SELECT count(*) FROM certificate WHERE tenant_id IS NOT DISTINCT FROM $1 AND host IS NULL
      """;

  private static final String UPLOADED =
      SELECT + "tenant_id = $1 AND host IS NULL AND not_after > $2 ORDER BY id LIMIT $3";

  private static final String DELETE = "DELETE FROM certificate WHERE id = $1";

  private static final String DELETE_ALL =
      "DELETE FROM certificate WHERE tenant_id = $1 RETURNING id";

  HostCertificate insert(
      SqlConnection tx,
      UUID id,
      Optional<UUID> tenant,
      Optional<String> host,
      String chain,
      SealedSecret key,
      Instant notAfter) {
    Tuple values = Tuple.of(id, tenant.orElse(null), host.orElse(null), chain);
    addTo(values, key, notAfter);
    return stream(tx, INSERT, values).findFirst().orElseThrow();
  }

  HostCertificate update(
      SqlConnection tx, UUID id, String chain, SealedSecret key, Instant notAfter) {
    Tuple values = Tuple.of(id, chain);
    addTo(values, key, notAfter);
    return stream(tx, UPDATE, values).findFirst().orElseThrow();
  }

  private static void addTo(Tuple values, SealedSecret key, Instant notAfter) {
    values.addValue(key.sealed());
    values.addValue(utc(key.setAt()));
    values.addValue(utc(notAfter));
  }

  Optional<HostCertificate> find(SqlConnection connection, Optional<UUID> tenant, UUID id) {
    return stream(connection, FIND, Tuple.of(tenant.orElse(null), id)).findFirst();
  }

  /** The one that was ordered for the host. */
  Optional<HostCertificate> ofHost(SqlConnection connection, UUID tenant, String host) {
    return stream(connection, OF_HOST, Tuple.of(tenant, host)).findFirst();
  }

  List<HostCertificate> list(
      SqlConnection connection, Optional<UUID> tenant, Optional<UUID> after, int count) {
    return stream(connection, LIST, Tuple.of(tenant.orElse(null), after.orElse(null), count))
        .toList();
  }

  long countUploaded(SqlConnection connection, Optional<UUID> tenant) {
    return connection
        .preparedQuery(COUNT_UPLOADED)
        .execute(Tuple.of(tenant.orElse(null)))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  /** Those that a tenant has uploaded and that are valid for longer than this. */
  List<HostCertificate> uploaded(
      SqlConnection connection, UUID tenant, Instant beyond, int atMost) {
    return stream(connection, UPLOADED, Tuple.of(tenant, utc(beyond), atMost)).toList();
  }

  void delete(SqlConnection tx, UUID id) {
    tx.preparedQuery(DELETE).execute(Tuple.of(id)).await();
  }

  /** Returns the ids of those that are gone. */
  List<UUID> deleteAll(SqlConnection tx, UUID tenant) {
    Iterable<Row> rows = tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenant)).await();
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getUUID(0)).toList();
  }

  private static Stream<HostCertificate> stream(
      SqlConnection connection, String sql, Tuple values) {
    Iterable<Row> rows = connection.preparedQuery(sql).execute(values).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new HostCertificate(
                row.getUUID("id"),
                Optional.ofNullable(row.getUUID("tenant_id")),
                Optional.ofNullable(row.getString("host")),
                row.getString("chain"),
                new SealedSecret(
                    row.getBuffer("private_key"), row.getOffsetDateTime("set_at").toInstant()),
                row.getOffsetDateTime("not_after").toInstant(),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
