package dev.gatehouse.backends;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/**
 * A PostgreSQL server of a test's own that speaks TLS when it is asked for it, with a certificate
 * of a test authority that is for {@code localhost} alone: who goes to 127.0.0.1 goes to the right
 * server by a wrong name.
 */
public final class TlsPostgres implements AutoCloseable {
  private final EmbeddedPostgres server;

  private TlsPostgres(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts one.
   *
   * @param directory for its data
   */
  public static TlsPostgres start(Path directory) throws SQLException {
    EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0);
    try (Connection connection = superuser(server);
        Statement statement = connection.createStatement()) {
      // By the server itself, whose own the key must be.
      statement.execute(writing("server.pem", "server.crt"));
      statement.execute(writing("server.key", "server.key"));
    } catch (SQLException | RuntimeException e) {
      server.close();
      throw e;
    }
    TlsPostgres started = new TlsPostgres(server);
    started.speakTls(true);
    return started;
  }

  private static String writing(String resource, String file) {
    return "COPY (SELECT * FROM regexp_split_to_table('%s', '\n') line) TO PROGRAM '%s'"
        .formatted(read(resource), "umask 077; cat > " + file);
  }

  /** From now on it does, or does not, when it is asked; who is connected stays so. */
  public void speakTls(boolean whether) throws SQLException {
    try (Connection connection = superuser(server);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET ssl = " + (whether ? "on" : "off"));
      statement.execute("SELECT pg_reload_conf()");
    }
    while (speaksTls() != whether) {
      Pause.briefly();
    }
  }

  private boolean speaksTls() throws SQLException {
    try (Connection connection = superuser(server);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW ssl")) {
      return rows.next() && rows.getString(1).equals("on");
    }
  }

  private static Connection superuser(EmbeddedPostgres server) throws SQLException {
    URI url = URI.create(server.url());
    String[] login = url.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + url.getPath(), login[0], login[1]);
  }

  /** Of its superuser, with its address. */
  public String url() {
    return server.url();
  }

  public int port() {
    return server.port();
  }

  /** PEM of the authority whose certificate it has. */
  public static String authority() {
    return read("authority.pem");
  }

  /** PEM of another one. */
  public static String otherAuthority() {
    return read("other-authority.pem");
  }

  private static String read(String name) {
    try (InputStream in =
        Objects.requireNonNull(TlsPostgres.class.getResourceAsStream("tls/" + name), name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
