package dev.gatehouse.controlplane.database;

import io.vertx.pgclient.PgConnectOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Where PostgreSQL is.
 *
 * @param host name or address
 * @param port 5432 if the URL has none
 * @param database its name
 * @param user who connects
 * @param password empty if the URL has none
 */
public record DatabaseUrl(String host, int port, String database, String user, String password) {
  private static final String STATEMENT_TIMEOUT = "10s";
  private static final String IDLE_TIMEOUT = "30s";
  private static final String EXPECTED =
      "url must be postgresql://user:password@host:port/database";

  /**
   * Reads {@code postgresql://user:password@host:port/database}.
   *
   * @throws IllegalArgumentException if it is anything else; the message does not repeat the
   *     password
   */
  public static DatabaseUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(EXPECTED, e);
    }
    String scheme = String.valueOf(uri.getScheme());
    String userInfo = uri.getRawUserInfo();
    String path = String.valueOf(uri.getPath());
    boolean complete = uri.getHost() != null && userInfo != null && path.length() > 1;
    if (!(scheme.equals("postgresql") || scheme.equals("postgres")) || !complete) {
      throw new IllegalArgumentException(
          EXPECTED + ", found " + text.replaceFirst("//[^@/]*@", "//…@"));
    }
    int colon = userInfo.indexOf(':');
    String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    String password = colon < 0 ? "" : userInfo.substring(colon + 1);
    return new DatabaseUrl(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        path.substring(1),
        URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8),
        URLDecoder.decode(password.replace("+", "%2B"), StandardCharsets.UTF_8));
  }

  /** The URL that the JDBC driver takes, without user and password. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  /**
   * How the Vert.x client connects. PostgreSQL ends a statement after 10 s, and a transaction in
   * which nothing happens after 30 s. It plans each statement for its values: a plan for any value
   * of a search would read too much for most.
   */
  public PgConnectOptions connectOptions() {
    return new PgConnectOptions()
        .setHost(host)
        .setPort(port)
        .setDatabase(database)
        .setUser(user)
        .setPassword(password)
        .setCachePreparedStatements(true)
        .addProperty("statement_timeout", STATEMENT_TIMEOUT)
        .addProperty("plan_cache_mode", "force_custom_plan")
        .addProperty("idle_in_transaction_session_timeout", IDLE_TIMEOUT);
  }

  @Override
  public String toString() {
    return "postgresql://" + user + ":…@" + host + ":" + port + "/" + database;
  }
}
