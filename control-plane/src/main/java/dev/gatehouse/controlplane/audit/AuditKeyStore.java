package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.AuditKey;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys that sign checkpoints: public halves for ever, private ones sealed while they are used. */
final class AuditKeyStore {
  private static final String LIST =
      """
      SELECT k.id, k.algorithm, k.public_key, k.created_at, p.id IS NOT NULL AS signs
        FROM audit.signing_key k LEFT JOIN audit_private_key p ON p.id = k.id
       ORDER BY k.number
      """;

  private static final String INSERT =
      "INSERT INTO audit.signing_key (id, algorithm, public_key) VALUES ($1, $2, $3)";

  private static final String INSERT_PRIVATE =
      "INSERT INTO audit_private_key (id, sealed) VALUES ($1, $2)";

  private static final String PRIVATE = "SELECT sealed FROM audit_private_key WHERE id = $1";

  private static final String DELETE_PRIVATE = "DELETE FROM audit_private_key WHERE id = $1";

  private final MasterKey masterKey;

  AuditKeyStore(MasterKey masterKey) {
    this.masterKey = masterKey;
  }

  /** All keys that there ever were, in their order. */
  List<CheckpointKey> list(SqlConnection connection) {
    List<CheckpointKey> keys = new ArrayList<>();
    for (Row row : connection.query(LIST).execute().await()) {
      keys.add(
          new CheckpointKey(
              new AuditKey(
                  row.getString("id"),
                  AuditKey.Algorithm.of(row.getString("algorithm")),
                  row.getString("public_key")),
              row.getOffsetDateTime("created_at").toInstant(),
              row.getBoolean("signs")));
    }
    return keys;
  }

  void insert(SqlConnection tx, AuditKey key, byte[] privateKey) {
    Buffer sealed = Buffer.buffer(masterKey.seal(privateKey, purposeOf(key)));
    tx.preparedQuery(INSERT)
        .execute(Tuple.of(key.id(), key.algorithm().standardName(), key.publicKey()))
        .await();
    tx.preparedQuery(INSERT_PRIVATE).execute(Tuple.of(key.id(), sealed)).await();
  }

  /**
   * The private half.
   *
   * @throws IllegalStateException if it is not there, or was sealed with another master key
   */
  byte[] privateKey(SqlConnection tx, AuditKey key) {
    Row row =
        Optional.of(tx.preparedQuery(PRIVATE).execute(Tuple.of(key.id())).await())
            .filter(rows -> rows.size() == 1)
            .orElseThrow(() -> new IllegalStateException("audit key " + key.id() + " is gone"))
            .iterator()
            .next();
    return masterKey.open(row.getBuffer(0).getBytes(), purposeOf(key));
  }

  void destroyPrivate(SqlConnection tx, AuditKey key) {
    tx.preparedQuery(DELETE_PRIVATE).execute(Tuple.of(key.id())).await();
  }

  private static String purposeOf(AuditKey key) {
    return "audit_key/" + key.id();
  }
}
