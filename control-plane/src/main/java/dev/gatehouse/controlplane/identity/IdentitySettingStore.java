package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Identity settings in PostgreSQL. */
final class IdentitySettingStore {
  private static final String COLUMNS =
      """
      tenant_id, document, client_secret, client_secret_set_at, version, created_at, updated_at
      """;

  private static final String PUT =
      """
      INSERT INTO identity_setting (tenant_id, kind, document, client_secret, client_secret_set_at)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (tenant_id, kind) DO UPDATE
         SET document = excluded.document, client_secret = excluded.client_secret,
             client_secret_set_at = excluded.client_secret_set_at,
             version = identity_setting.version + 1, updated_at = now()
      RETURNING
      """
          + COLUMNS;

  private static final String FIND =
      "SELECT " + COLUMNS + " FROM identity_setting WHERE tenant_id = $1 AND kind = $2";

  private static final String DELETE =
      "DELETE FROM identity_setting WHERE tenant_id = $1 AND kind = $2";

  /** Writes it, whether or not there is one. */
  IdentitySetting put(
      SqlConnection tx,
      UUID tenantId,
      SettingKind kind,
      JsonObject document,
      Optional<SealedSecret> clientSecret) {
    Tuple values = Tuple.of(tenantId, kind.wireName(), document);
    SecretColumns.addTo(values, clientSecret);
    return first(kind, tx.preparedQuery(PUT).execute(values).await()).orElseThrow();
  }

  Optional<IdentitySetting> find(SqlConnection connection, UUID tenantId, SettingKind kind) {
    Tuple values = Tuple.of(tenantId, kind.wireName());
    return first(kind, connection.preparedQuery(FIND).execute(values).await());
  }

  /** Returns whether there was one. */
  boolean delete(SqlConnection tx, UUID tenantId, SettingKind kind) {
    Tuple values = Tuple.of(tenantId, kind.wireName());
    return tx.preparedQuery(DELETE).execute(values).await().rowCount() == 1;
  }

  private static Optional<IdentitySetting> first(SettingKind kind, Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .findFirst()
        .map(row ->
            new IdentitySetting(
                kind,
                row.getUUID("tenant_id"),
                (JsonObject) row.getJson("document"),
                SecretColumns.in(row),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant()));
  }
}
