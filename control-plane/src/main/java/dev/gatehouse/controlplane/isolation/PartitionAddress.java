package dev.gatehouse.controlplane.isolation;

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

  String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  /** What the driver is told: no wait is without end. */
  Properties properties() {
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
