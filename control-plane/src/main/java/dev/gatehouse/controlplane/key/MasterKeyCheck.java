package dev.gatehouse.controlplane.key;

import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.secret.MasterKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Keeps a control plane from starting on a database whose secrets it could not read. */
public final class MasterKeyCheck {
  private static final String IN_USE =
      "SELECT fingerprint FROM master_key WHERE retired_at IS NULL ORDER BY fingerprint";

  private static final String NEWEST =
      "SELECT kid, sealed_jwk FROM signing_key ORDER BY signs_from DESC LIMIT 1";

  /** A key that is known and in use stays what it is, so that a restart does not make it newer. */
  private static final String USE =
      """
      INSERT INTO master_key (fingerprint) VALUES (?)
      ON CONFLICT (fingerprint) DO UPDATE SET current_since = now(), retired_at = NULL
       WHERE master_key.retired_at IS NOT NULL
      """;

  private MasterKeyCheck() {}

  /**
   * Makes sure that all keys are there that the database was sealed with, opens a secret of it, if
   * it has one yet, and remembers the current key. Blocks.
   *
   * @param owner who may read all tables
   * @throws IllegalStateException if it was sealed with another master key, too
   */
  public static void require(MasterKey masterKey, DatabaseUrl owner) {
    try (Connection connection =
        DriverManager.getConnection(owner.jdbcUrl(), owner.user(), owner.password())) {
      requireAllInUse(masterKey, connection);
      openNewest(masterKey, connection);
      try (PreparedStatement use = connection.prepareStatement(USE)) {
        use.setString(1, masterKey.fingerprint());
        int _ = use.executeUpdate();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database cannot be asked for a signing key", e);
    }
  }

  /**
   * Looks at the same, and remembers nothing. Blocks.
   *
   * @param connection of who may read all tables
   * @throws IllegalStateException if it was sealed with another master key, too
   * @throws SQLException if the database cannot be asked
   */
  public static void look(MasterKey masterKey, Connection connection) throws SQLException {
    requireAllInUse(masterKey, connection);
    openNewest(masterKey, connection);
  }

  private static void requireAllInUse(MasterKey masterKey, Connection connection)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet inUse = statement.executeQuery(IN_USE)) {
      while (inUse.next()) {
        String fingerprint = inUse.getString(1);
        if (!masterKey.fingerprints().contains(fingerprint)) {
          throw new IllegalStateException(
              "the database was sealed with another masterKey, of the fingerprint "
                  + fingerprint
                  + ": it is needed as masterKey, or among formerMasterKeys until nothing is left"
                  + " that it has sealed");
        }
      }
    }
  }

  private static void openNewest(MasterKey masterKey, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet newest = statement.executeQuery(NEWEST)) {
      if (newest.next()) {
        byte[] _ =
            masterKey.open(
                newest.getBytes("sealed_jwk"), SigningKeyStore.sealOf(newest.getString("kid")));
      }
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "the database was sealed with another masterKey: nothing in it can be read with this one",
          e);
    }
  }
}
