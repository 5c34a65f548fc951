package dev.gatehouse.controlplane.key;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A place of the database where values stand that are sealed, each for a context. All texts are
 * parts of statements.
 *
 * @param table where it is
 * @param sealed gives the sealed bytes of a row; null where it has none
 * @param assignment puts the bytes {@code $2} there
 * @param context gives what a row's value is sealed for, as its store says it
 * @param tenant gives whose keys seal it; null for the master key
 * @param ofTenant says which rows are those of the tenant {@code $1}
 */
record SealedPlace(
    String table,
    String sealed,
    String assignment,
    String context,
    String tenant,
    String ofTenant) {
  /** Rows in one transaction. */
  private static final int BATCH = 100;

  private static final String OF_PLATFORM = "NULL::uuid";

  /** Base64 of the bytes in one line, as a JSON text. */
  private static final String AS_TEXT =
      "to_jsonb(translate(encode($2::bytea, 'base64'), E'\\n', ''))";

  /** All there are. Who seals something new adds it here. */
  static final List<SealedPlace> ALL =
      List.of(
          platforms("application_role", "password", "'" + RolePassword.CONTEXT + "'"),
          platforms("signing_key", "sealed_jwk", "'signing_key/' || kid"),
          platforms("audit_private_key", "sealed", "'audit_key/' || id"),
          platforms("acme_account", "private_key", "'acme_account.private_key/' || id"),
          platforms("partition", "admin_password", "'partition.admin_password/' || name"),
          platforms("partition", "app_password", "'partition.app_password/' || name"),
          platforms("partition_key", "secret", "'partition_key/' || id"),
          platforms("idempotency_key", "answer", "'idempotency ' || caller || ' ' || key"),
          platforms("tenant_keyset", "wrapped", "'tenant_keyset/' || tenant_id || '/' || kind"),
          platforms("customer_key", "token", "'customer_key.token/' || tenant_id"),
          tenants("identity_provider", "client_secret", "id"),
          tenants("identity_setting", "client_secret", "kind || '/' || tenant_id"),
          tenants("certificate", "private_key", "id"),
          tenants("placement", "password", "tenant_id"),
          tenants("certificate_order", "private_key", "id"),
          service("{messageSignature,secret}"),
          service("{tls,clientCertificate,privateKey}"),
          edge("signing-key", "{jwk}"),
          edge("service", "{messageSignature,secret}"),
          edge("service", "{tls,clientCertificate,privateKey}"),
          edge("acme-challenge", "{tls,privateKey}"),
          edge("partition-key", "{secret}"),
          tenantsEdge(
              "identity-provider",
              "{login,client,secret}",
              "IN (SELECT id::text FROM identity_provider WHERE tenant_id = $1)"),
          tenantsEdge("introspection", "{client,secret}", "= $1::uuid::text"),
          tenantsEdge(
              "certificate",
              "{privateKey}",
              "IN (SELECT id::text FROM certificate WHERE tenant_id = $1)"));

  /** Those where tenants have something. */
  static final List<SealedPlace> OF_TENANTS =
      ALL.stream().filter(place -> !place.tenant.equals(OF_PLATFORM)).toList();

  private static SealedPlace platforms(String table, String column, String context) {
    return new SealedPlace(table, column, column + " = $2", context, OF_PLATFORM, "false");
  }

  private static SealedPlace tenants(String table, String column, String row) {
    String context = "'" + table + "." + column + "/' || " + row;
    return new SealedPlace(table, column, column + " = $2", context, "tenant_id", "tenant_id = $1");
  }

  private static SealedPlace service(String path) {
    return new SealedPlace(
        "service",
        "decode(document #>> '" + path + "', 'base64')",
        "document = jsonb_set(document, '" + path + "', " + AS_TEXT + ")",
        "'service/' || name",
        OF_PLATFORM,
        "false");
  }

  private static SealedPlace edge(String kind, String path) {
    return new SealedPlace(
        "edge_object",
        "CASE kind WHEN '" + kind + "' THEN decode(payload #>> '" + path + "', 'base64') END",
        "payload = jsonb_set(payload, '" + path + "', " + AS_TEXT + ")",
        "'edge_object/' || kind || '/' || key",
        OF_PLATFORM,
        "false");
  }

  private static SealedPlace tenantsEdge(String kind, String path, String keyIs) {
    SealedPlace place = edge(kind, path);
    return new SealedPlace(
        place.table,
        place.sealed,
        place.assignment,
        place.context,
        "CASE kind WHEN '" + kind + "' THEN (payload ->> 'tenantId')::uuid END",
        "kind = '" + kind + "' AND key " + keyIs);
  }

  /** Of the platform's, what does not begin with {@code $1}. */
  String isOldOfPlatform() {
    return "%s IS NULL AND substring(%s from 1 for 5) <> $1".formatted(tenant, sealed);
  }

  /** Of what the tenant {@code $1} has, what is not sealed with the tenant's keys. */
  String isUnmarkedOfTenant() {
    return ofTenant + " AND " + isUnmarked();
  }

  /** The same, but what is sealed with the tenant's keys and not with the one of id {@code $2}. */
  String isOldOfTenant() {
    return "%2$s AND substring(%1$s from 1 for 4) = '%3$s'::bytea AND substring(%1$s from 6 for 4) <> $2"
        .formatted(sealed, ofTenant, Resealing.MARK);
  }

  private String isUnmarked() {
    return "substring(%s from 1 for 4) <> '%s'::bytea".formatted(sealed, Resealing.MARK);
  }

  /**
   * A tenant who has something that is not sealed with the tenant's keys.
   *
   * @param withheld of those whose own key is withheld, or of the others
   */
  Optional<UUID> tenantOfUnmarked(SqlConnection connection, boolean withheld) {
    String any =
        """
        SELECT p.tenant FROM (SELECT %s AS tenant FROM %s WHERE %s) p
          JOIN tenant t ON t.id = p.tenant AND t.status <> 'deleted'
           AND (t.key_withheld_at IS NOT NULL) = %s LIMIT 1
        """
            .formatted(tenant, table, isUnmarked(), withheld);
    RowSet<Row> rows = connection.query(any).execute().await();
    return rows.stream().map(row -> row.getUUID("tenant")).findFirst();
  }

  /**
   * Seals some values anew. Rows that others change at the moment are left for another time.
   *
   * @param which of the rows, with these values
   * @return how many
   */
  int reseal(SqlConnection tx, String which, Tuple values, Resealing how) {
    String find =
        """
        SELECT ctid::text AS place, %s AS sealed, %s AS context, %s AS tenant FROM %s
         WHERE %s LIMIT %d FOR UPDATE SKIP LOCKED
        """
            .formatted(sealed, context, tenant, table, which, BATCH);
    RowSet<Row> rows = tx.preparedQuery(find).execute(values).await();
    List<Tuple> changes =
        rows.stream()
            .map(row ->
                Tuple.of(
                    row.getString("place"),
                    Buffer.buffer(
                        how.again(
                            tx,
                            row.getUUID("tenant"),
                            row.getBuffer("sealed").getBytes(),
                            row.getString("context")))))
            .toList();
    if (!changes.isEmpty()) {
      String update = "UPDATE " + table + " SET " + assignment + " WHERE ctid = $1::text::tid";
      tx.preparedQuery(update).executeBatch(changes).await();
    }
    return changes.size();
  }

  /** Whether there is such a row. */
  boolean has(SqlConnection connection, String which, Tuple values) {
    String any = "SELECT 1 FROM " + table + " WHERE " + which + " LIMIT 1";
    return connection.preparedQuery(any).execute(values).await().size() > 0;
  }
}
