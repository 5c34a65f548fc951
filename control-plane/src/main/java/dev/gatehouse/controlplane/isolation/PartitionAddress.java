package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.TlsFailure;
import dev.gatehouse.contract.database.VerifyingSocketFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/**
 * How to connect to a partition.
 *
 * @param tls {@code disable}, {@code require} (whoever it is) or {@code verify-full} (with a
 *     certificate for this host of an authority that is trusted)
 * @param trust PEM of the authorities that are trusted; those of this runtime if empty
 * @param password never logged
 */
record PartitionAddress(
    String host,
    int port,
    String database,
    String tls,
    Optional<String> trust,
    String user,
    String password) {
  static final int DEFAULT_PORT = 5432;
  static final String DEFAULT_TLS = "disable";
  static final String VERIFY_FULL = "verify-full";

  private static final String CONNECT_SECONDS = "5";
  private static final String READ_SECONDS = "50";

  /** The same server, another database. */
  PartitionAddress in(String otherDatabase) {
    return new PartitionAddress(host, port, otherDatabase, tls, trust, user, password);
  }

  /**
   * Connects, for transactions; gives up after some seconds. Blocks; the caller closes it.
   *
   * @throws SQLException if it does not answer, or refuses
   */
  Connection open() throws SQLException {
    String url = "jdbc:postgresql://" + host + ":" + port + "/" + database;
    Connection connection = connected(url);
    try {
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private Connection connected(String url) throws SQLException {
    try {
      return DriverManager.getConnection(url, properties());
    } catch (SQLException e) {
      Optional<String> why = TlsFailure.inWords(e, host + ":" + port);
      throw why.isPresent() ? new SQLException(why.get(), e.getSQLState(), e) : e;
    }
  }

  /** What the driver is told: no wait is without end. */
  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", tls);
    if (tls.equals(VERIFY_FULL)) {
      properties.setProperty("sslfactory", VerifyingSocketFactory.class.getName());
      trust.ifPresent(pem -> properties.setProperty(VerifyingSocketFactory.AUTHORITIES, pem));
    } else if (tls.equals("require")) {
      properties.setProperty("sslfactory", "org.postgresql.ssl.NonValidatingFactory");
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
