package dev.gatehouse.loadtests.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The statements of one change, on a connection of its own: those that the control plane sends for
 * a new API key, as far as they are asked for.
 */
final class Write implements AutoCloseable {
  private static final String CHANGE =
      "INSERT INTO api_key (id, tenant_id, hash, subject, roles) VALUES (?, ?, '\\x00', 's', '{}')";

  private static final String PUBLISH =
      """
      WITH next AS (
        UPDATE edge_revision SET revision = revision + 1 RETURNING revision
      ), written AS (
        INSERT INTO edge_object (kind, key, revision, payload, removed)
        SELECT 'api-key', ?, next.revision, '{}', false FROM next
        RETURNING revision
      )
      SELECT revision, pg_notify('edge_revision', revision::text) FROM written
      """;

  private static final String APPEND = "SELECT audit.append(?, 'createApiKey', 'a', ?, ?)";

  /** As long as the entry of a small change. */
  private static final String ENTRY = "{\"action\":\"createApiKey\",\"after\":\"" + "x".repeat(600);

  private final Connection connection;
  private final PreparedStatement change;
  private final PreparedStatement publish;
  private final PreparedStatement append;

  Write(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    this.connection = connection;
    this.change = connection.prepareStatement(CHANGE);
    this.publish = connection.prepareStatement(PUBLISH);
    this.append = connection.prepareStatement(APPEND);
  }

  /** Writes, and returns when it is committed. */
  void perform(UUID tenant, boolean published, boolean audited) throws SQLException {
    String key = UUID.randomUUID().toString();
    change.setString(1, key);
    change.setObject(2, tenant);
    change.execute();
    if (published) {
      publish.setString(1, key);
      publish.execute();
    }
    if (audited) {
      append.setObject(1, tenant);
      append.setString(2, key);
      append.setString(3, ENTRY + key + "\"}");
      append.execute();
    }
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
