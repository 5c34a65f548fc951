package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Identity providers in PostgreSQL. */
final class IdentityProviderStore {
  private static final String COLUMNS =
      """
      id, tenant_id, document, client_secret, client_secret_set_at, valid_from, revoked_subjects,
      version, created_at, updated_at
      """;

  private static final String INSERT =
      """
      INSERT INTO identity_provider (id, tenant_id, document, client_secret, client_secret_set_at)
      VALUES ($1, $2, $3, $4, $5)
      RETURNING
      """
          + COLUMNS;

  private static final String UPDATE =
      """
      UPDATE identity_provider
         SET document = $2, client_secret = $3, client_secret_set_at = $4, version = version + 1,
             updated_at = now()
       WHERE id = $1
      RETURNING
      """
          + COLUMNS;

  private static final String REVOKE =
      """
      UPDATE identity_provider
         SET valid_from = $2, revoked_subjects = $3, version = version + 1, updated_at = now()
       WHERE id = $1
      RETURNING
      """
          + COLUMNS;

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM identity_provider WHERE tenant_id = $1 AND id = $2";

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + """
           FROM identity_provider
           WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id > $2)
           ORDER BY id LIMIT $3
          """;

  private static final String COUNT = "SELECT count(*) FROM identity_provider WHERE tenant_id = $1";

  private static final String DELETE = "DELETE FROM identity_provider WHERE id = $1";

  private static final String DELETE_ALL =
      "DELETE FROM identity_provider WHERE tenant_id = $1 RETURNING id";

  IdentityProvider insert(
      SqlConnection tx,
      UUID id,
      UUID tenantId,
      JsonObject document,
      Optional<SealedSecret> clientSecret) {
    Tuple values = Tuple.of(id, tenantId, document);
    SecretColumns.addTo(values, clientSecret);
    return one(tx.preparedQuery(INSERT).execute(values).await());
  }

  IdentityProvider update(
      SqlConnection tx, UUID id, JsonObject document, Optional<SealedSecret> clientSecret) {
    Tuple values = Tuple.of(id, document);
    SecretColumns.addTo(values, clientSecret);
    return one(tx.preparedQuery(UPDATE).execute(values).await());
  }

  IdentityProvider revoke(SqlConnection tx, UUID id, IdentityProvider.Revocations revocations) {
    OffsetDateTime validFrom =
        revocations.validFrom().map(instant -> instant.atOffset(ZoneOffset.UTC)).orElse(null);
    Tuple values = Tuple.of(id, validFrom, revocations.subjects());
    return one(tx.preparedQuery(REVOKE).execute(values).await());
  }

  Optional<IdentityProvider> find(SqlConnection connection, UUID tenantId, UUID id) {
    return stream(connection.preparedQuery(FIND).execute(Tuple.of(tenantId, id)).await())
        .findFirst();
  }

  List<IdentityProvider> list(
      SqlConnection connection, UUID tenantId, Optional<UUID> after, int count) {
    Tuple values = Tuple.of(tenantId, after.orElse(null), count);
    return stream(connection.preparedQuery(LIST).execute(values).await()).toList();
  }

  long count(SqlConnection connection, UUID tenantId) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(tenantId))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  void delete(SqlConnection tx, UUID id) {
    tx.preparedQuery(DELETE).execute(Tuple.of(id)).await();
  }

  /** Returns the ids of those that are gone. */
  List<UUID> deleteAll(SqlConnection tx, UUID tenantId) {
    Iterable<Row> rows = tx.preparedQuery(DELETE_ALL).execute(Tuple.of(tenantId)).await();
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getUUID(0)).toList();
  }

  private static IdentityProvider one(Iterable<Row> rows) {
    return stream(rows).findFirst().orElseThrow();
  }

  private static Stream<IdentityProvider> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new IdentityProvider(
                row.getUUID("id"),
                row.getUUID("tenant_id"),
                (JsonObject) row.getJson("document"),
                SecretColumns.in(row),
                new IdentityProvider.Revocations(
                    Optional.ofNullable(row.getOffsetDateTime("valid_from"))
                        .map(OffsetDateTime::toInstant),
                    (JsonObject) row.getJson("revoked_subjects")),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
