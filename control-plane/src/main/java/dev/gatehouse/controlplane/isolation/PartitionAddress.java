package dev.gatehouse.controlplane.isolation;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * How to connect to a partition.
 *
 * @param tls {@code disable}, {@code require} (whoever it is) or {@code verify-full} (with a
 *     certificate that this runtime trusts)
 * @param password never logged
 */
record PartitionAddress(
    String host, int port, String database, String tls, String user, String password) {
  static final int DEFAULT_PORT = 5432;
  static final String DEFAULT_TLS = "disable";

  private static final String CONNECT_SECONDS = "5";
  private static final String READ_SECONDS = "50";

  /** The same server, another database. */
  PartitionAddress in(String otherDatabase) {
    return new PartitionAddress(host, port, otherDatabase, tls, user, password);
  }

  /**
   * Connects, for transactions; gives up after some seconds. Blocks; the caller closes it.
   *
   * @throws SQLException if it does not answer, or refuses
   */
  Connection open() throws SQLException {
    String url = "jdbc:postgresql://" + host + ":" + port + "/" + database;
    Connection connection = DriverManager.getConnection(url, properties());
    try {
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** What the driver is told: no wait is without end. */
  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", tls);
    if (tls.equals("verify-full")) {
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.setProperty("loginTimeout", CONNECT_SECONDS);
    properties.setProperty("socketTimeout", READ_SECONDS);
    properties.setProperty("ApplicationName", "gatehouse");
    return properties;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
  }
}
