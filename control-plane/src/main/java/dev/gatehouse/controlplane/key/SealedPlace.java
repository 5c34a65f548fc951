package dev.gatehouse.controlplane.key;

import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * A place of the database where values stand that are sealed with the master key, each for a
 * context. All texts are parts of statements.
 *
 * @param table where it is
 * @param sealed gives the sealed bytes of a row; null where it has none
 * @param assignment puts the bytes {@code $2} there
 * @param context gives what a row's value is sealed for, as its store says it
 */
record SealedPlace(String table, String sealed, String assignment, String context) {
  /** Rows in one transaction. */
  private static final int BATCH = 100;

  /** Base64 of the bytes in one line, as a JSON text. */
  private static final String AS_TEXT =
      "to_jsonb(translate(encode($2::bytea, 'base64'), E'\\n', ''))";

  /** All there are. Who seals something new with the master key adds it here. */
  static final List<SealedPlace> ALL =
      List.of(
          column("application_role", "password", "'" + RolePassword.CONTEXT + "'"),
          column("signing_key", "sealed_jwk", "'signing_key/' || kid"),
          column("audit_private_key", "sealed", "'audit_key/' || id"),
          column("identity_provider", "client_secret", "'identity_provider.client_secret/' || id"),
          column(
              "identity_setting",
              "client_secret",
              "'identity_setting.client_secret/' || kind || '/' || tenant_id"),
          column("certificate", "private_key", "'certificate.private_key/' || id"),
          column("certificate_order", "private_key", "'certificate_order.private_key/' || id"),
          column("acme_account", "private_key", "'acme_account.private_key/' || id"),
          column("idempotency_key", "answer", "'idempotency ' || caller || ' ' || key"),
          column("tenant_keyset", "wrapped", "'tenant_keyset/' || tenant_id || '/' || kind"),
          service("{messageSignature,secret}"),
          service("{tls,clientCertificate,privateKey}"),
          edge("signing-key", "{jwk}"),
          edge("identity-provider", "{login,client,secret}"),
          edge("introspection", "{client,secret}"),
          edge("service", "{messageSignature,secret}"),
          edge("service", "{tls,clientCertificate,privateKey}"),
          edge("certificate", "{privateKey}"),
          edge("acme-challenge", "{tls,privateKey}"));

  private static SealedPlace column(String table, String column, String context) {
    return new SealedPlace(table, column, column + " = $2", context);
  }

  private static SealedPlace service(String path) {
    return new SealedPlace(
        "service",
        "decode(document #>> '" + path + "', 'base64')",
        "document = jsonb_set(document, '" + path + "', " + AS_TEXT + ")",
        "'service/' || name");
  }

  private static SealedPlace edge(String kind, String path) {
    return new SealedPlace(
        "edge_object",
        "CASE kind WHEN '" + kind + "' THEN decode(payload #>> '" + path + "', 'base64') END",
        "payload = jsonb_set(payload, '" + path + "', " + AS_TEXT + ")",
        "'edge_object/' || kind || '/' || key");
  }

  /**
   * Seals some values anew that are sealed with a former key. Rows that others change at the moment
   * are left for another time.
   *
   * @return how many
   */
  int reseal(SqlConnection tx, MasterKey masterKey) {
    String find =
        """
        SELECT ctid::text AS place, %s AS sealed, %s AS context FROM %s
         WHERE %s LIMIT %d FOR UPDATE SKIP LOCKED
        """
            .formatted(sealed, context, table, isOld(), BATCH);
    RowSet<Row> rows = tx.preparedQuery(find).execute(prefix(masterKey)).await();
    List<Tuple> values = rows.stream().map(row -> resealed(row, masterKey)).toList();
    if (!values.isEmpty()) {
      String update = "UPDATE " + table + " SET " + assignment + " WHERE ctid = $1::text::tid";
      tx.preparedQuery(update).executeBatch(values).await();
    }
    return values.size();
  }

  /** Whether a value is left that is sealed with a former key. */
  boolean hasOld(SqlConnection connection, MasterKey masterKey) {
    String any = "SELECT 1 FROM " + table + " WHERE " + isOld() + " LIMIT 1";
    return connection.preparedQuery(any).execute(prefix(masterKey)).await().size() > 0;
  }

  private String isOld() {
    return "substring(" + sealed + " from 1 for 5) <> $1";
  }

  private static Tuple prefix(MasterKey masterKey) {
    return Tuple.of(Buffer.buffer(masterKey.prefix()));
  }

  private static Tuple resealed(Row row, MasterKey masterKey) {
    String context = row.getString("context");
    byte[] secret = masterKey.open(row.getBuffer("sealed").getBytes(), context);
    return Tuple.of(row.getString("place"), Buffer.buffer(masterKey.seal(secret, context)));
  }
}
