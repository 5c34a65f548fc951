package dev.gatehouse.controlplane.domain;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Custom domains in PostgreSQL. */
final class DomainStore {
  private static final String INSERT =
      """
      INSERT INTO domain
             (tenant_id, host, role, redirect_status, token, ownership, ownership_reason, proved_by,
              attempts, ownership_since, checked_at, next_check_at, failing_since, pointed)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      RETURNING
      """
          + DomainRow.COLUMNS;

  private static final String UPDATE =
      """
      UPDATE domain
         SET role = $3, redirect_status = $4, token = $5, ownership = $6, ownership_reason = $7,
             proved_by = $8, attempts = $9, ownership_since = $10, checked_at = $11,
             next_check_at = $12, failing_since = $13, pointed = $14, version = version + 1
       WHERE tenant_id = $1 AND host = $2
      RETURNING
      """
          + DomainRow.COLUMNS;

  /** Nothing where it is that already: each change is a new version. */
  private static final String CERTIFICATE_IS =
      """
      UPDATE domain SET certificate = $3, certificate_reason = $4, version = version + 1
       WHERE tenant_id = $1 AND host = $2 AND (certificate, certificate_reason) <> ($3, $4)
      """;

  private static final String SELECT = "SELECT " + DomainRow.COLUMNS + " FROM domain WHERE ";

  private static final String FIND = SELECT + "tenant_id = $1 AND host = $2";

  private static final String HOLDER = SELECT + "host = $1 AND ownership = 'verified'";

  private static final String OF_TENANT = SELECT + "tenant_id = $1 ORDER BY host";

  private static final String LIST =
      SELECT
          + """
          tenant_id = $1 AND host > $2 AND ($3::text IS NULL OR ownership = $3)
            AND ($4::text IS NULL OR certificate = $4)
          ORDER BY host LIMIT $5
          """;

  private static final String DEMOTE =
      """
      UPDATE domain SET role = 'alias', version = version + 1
       WHERE tenant_id = $1 AND role = 'primary' AND host <> $2
      """;

  /** Says that somebody asked for a look, unless that was a moment ago. */
  private static final String ASK =
      """
      UPDATE domain SET asked_at = $3
       WHERE tenant_id = $1 AND host = $2 AND (asked_at IS NULL OR asked_at <= $4)
      """;

  private static final String DELETE = "DELETE FROM domain WHERE tenant_id = $1 AND host = $2";

  private static final String DELETE_ALL = "DELETE FROM domain WHERE tenant_id = $1";

  private static final String LEAVE =
      """
      INSERT INTO former_domain (host, tenant_id)
      SELECT host, tenant_id FROM domain
       WHERE tenant_id = $1 AND ($2::text IS NULL OR host = $2) AND ownership IN ('verified', 'lost')
      ON CONFLICT (host) DO UPDATE SET tenant_id = excluded.tenant_id, left_at = excluded.left_at
      """;

  /** Who had it after this tenant keeps its place. */
  private static final String REMEMBER =
      """
      INSERT INTO former_domain (host, tenant_id) VALUES ($2, $1) ON CONFLICT (host) DO NOTHING
      """;

  private static final String FORGET_LEFT =
      "DELETE FROM former_domain WHERE left_at < now() - interval '1 year'";

  private static final String HAD_ANOTHER =
      """
      SELECT EXISTS (SELECT FROM former_domain WHERE host = ANY ($1) AND tenant_id <> $2)
          OR EXISTS (SELECT FROM domain WHERE host = ANY ($1) AND tenant_id <> $2
                                          AND ownership IN ('verified', 'lost'))
      """;

  Domain insert(SqlConnection tx, Domain domain) {
    return stream(tx.preparedQuery(INSERT).execute(DomainRow.values(domain)).await())
        .findFirst()
        .orElseThrow();
  }

  Domain update(SqlConnection tx, Domain domain) {
    return stream(tx.preparedQuery(UPDATE).execute(DomainRow.values(domain)).await())
        .findFirst()
        .orElseThrow();
  }

  void certificateIs(SqlConnection tx, UUID tenantId, String host, Certificate certificate) {
    Tuple values = Tuple.of(tenantId, host, certificate.state(), certificate.reason());
    tx.preparedQuery(CERTIFICATE_IS).execute(values).await();
  }

  Optional<Domain> find(SqlConnection connection, UUID tenantId, DomainName name) {
    return first(connection, FIND, Tuple.of(tenantId, name.toString()));
  }

  /** The domain of the tenant that has the host now. */
  Optional<Domain> holder(SqlConnection connection, DomainName name) {
    return first(connection, HOLDER, Tuple.of(name.toString()));
  }

  List<Domain> ofTenant(SqlConnection connection, UUID tenantId) {
    return stream(connection.preparedQuery(OF_TENANT).execute(Tuple.of(tenantId)).await()).toList();
  }

  List<Domain> list(
      SqlConnection connection, UUID tenantId, DomainFilter filter, String after, int count) {
    Tuple values =
        Tuple.of(
            tenantId,
            after,
            filter.ownership().orElse(null),
            filter.certificate().orElse(null),
            count);
    return stream(connection.preparedQuery(LIST).execute(values).await()).toList();
  }

  /** Makes an alias of the tenant's primary domain, if it is another than this. */
  void demoteOthers(SqlConnection tx, UUID tenantId, DomainName primary) {
    tx.preparedQuery(DEMOTE).execute(Tuple.of(tenantId, primary.toString())).await();
  }

  /** False where somebody has asked after that time. */
  boolean ask(SqlConnection tx, Domain domain, Instant now, Instant lastAllowed) {
    Tuple values =
        Tuple.of(
            domain.tenantId(),
            domain.name().toString(),
            now.atOffset(ZoneOffset.UTC),
            lastAllowed.atOffset(ZoneOffset.UTC));
    return tx.preparedQuery(ASK).execute(values).await().rowCount() == 1;
  }

  /** Keeps in mind for a year that the tenant had it, see {@link #hadAnother}. */
  void remember(SqlConnection tx, Domain domain) {
    Tuple values = Tuple.of(domain.tenantId(), domain.name().toString());
    tx.preparedQuery(REMEMBER).execute(values).await();
  }

  void delete(SqlConnection tx, Domain domain) {
    leave(tx, domain.tenantId(), Optional.of(domain.name()));
    tx.preparedQuery(DELETE).execute(Tuple.of(domain.tenantId(), domain.name().toString())).await();
  }

  void deleteAll(SqlConnection tx, UUID tenantId) {
    leave(tx, tenantId, Optional.empty());
    tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenantId)).await();
  }

  /** Whether another tenant has, or had, the host, by itself or by a wildcard above it. */
  boolean hadAnother(SqlConnection connection, DomainName name, UUID tenantId) {
    return connection
        .preparedQuery(HAD_ANOTHER)
        .execute(Tuple.of(name.coveredBy(), tenantId))
        .await()
        .iterator()
        .next()
        .getBoolean(0);
  }

  private static void leave(SqlConnection tx, UUID tenantId, Optional<DomainName> name) {
    Tuple values = Tuple.of(tenantId, name.map(DomainName::toString).orElse(null));
    tx.preparedQuery(LEAVE).execute(values).await();
    tx.query(FORGET_LEFT).execute().await();
  }

  private static Optional<Domain> first(SqlConnection connection, String sql, Tuple values) {
    return stream(connection.preparedQuery(sql).execute(values).await()).findFirst();
  }

  private static Stream<Domain> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(DomainRow::read);
  }
}
