package dev.gatehouse.controlplane.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.secret.MasterKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The password of the role that serves requests: derived from the first master key, and kept sealed
 * from then on, so that instances with another master key have the same.
 */
public final class RolePassword {
  static final String CONTEXT = "application_role.password";

  private static final String KEEP =
      "INSERT INTO application_role (password) VALUES (?) ON CONFLICT DO NOTHING";

  private RolePassword() {}

  /**
   * Reads it, or makes it. Blocks.
   *
   * @param owner who may read all tables
   */
  public static String of(MasterKey masterKey, DatabaseUrl owner) {
    byte[] derived = masterKey.derivePassword("gatehouse database role v1").getBytes(UTF_8);
    try (Connection connection =
            DriverManager.getConnection(owner.jdbcUrl(), owner.user(), owner.password());
        PreparedStatement keep = connection.prepareStatement(KEEP)) {
      keep.setBytes(1, masterKey.seal(derived, CONTEXT));
      int _ = keep.executeUpdate();
      try (Statement statement = connection.createStatement();
          ResultSet kept = statement.executeQuery("SELECT password FROM application_role")) {
        boolean _ = kept.next();
        return new String(masterKey.open(kept.getBytes(1), CONTEXT), UTF_8);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database cannot be asked for a password", e);
    }
  }
}
