package dev.gatehouse.controlplane.key;

import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.secret.MasterKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Keeps a control plane from starting on a database whose secrets it could not read. */
public final class MasterKeyCheck {
  private static final String NEWEST =
      "SELECT kid, sealed_jwk FROM signing_key ORDER BY signs_from DESC LIMIT 1";

  private MasterKeyCheck() {}

  /**
   * Opens a secret of the database, if it has one yet. Blocks.
   *
   * @param owner who may read all tables
   * @throws IllegalStateException if it was sealed with another master key
   */
  public static void require(MasterKey masterKey, DatabaseUrl owner) {
    try (Connection connection =
            DriverManager.getConnection(owner.jdbcUrl(), owner.user(), owner.password());
        Statement statement = connection.createStatement();
        ResultSet newest = statement.executeQuery(NEWEST)) {
      if (newest.next()) {
        masterKey.open(
            newest.getBytes("sealed_jwk"), SigningKeyStore.sealOf(newest.getString("kid")));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database cannot be asked for a signing key", e);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "the database was sealed with another masterKey: nothing in it can be read with this one",
          e);
    }
  }
}
