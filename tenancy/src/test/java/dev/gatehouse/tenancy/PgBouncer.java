package dev.gatehouse.tenancy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * PgBouncer before one database, which gives its one connection to whoever begins a transaction.
 */
final class PgBouncer implements AutoCloseable {
  private final Process process;
  private final int port;

  /**
   * @param server {@code jdbc:postgresql://host:port/database}
   * @param user whose password is {@code app}
   */
  PgBouncer(Path folder, String server, String user) throws Exception {
    URI target = URI.create(server.substring("jdbc:".length()));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path config = folder.resolve("pgbouncer.ini");
    Files.writeString(
        config,
        """
        [databases]
        pooled = host=127.0.0.1 port=%d dbname=%s user=%s password=app
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = 1
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(target.getPort(), target.getPath().substring(1), user, port));
    List<String> command = new ArrayList<>(List.of(program(), config.toString()));
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(1, List.of("-u", "nobody"));
    }
    Path log = folder.resolve("log");
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    awaitListening(log);
  }

  private static String program() {
    String folders = System.getenv("PATH") + ":/usr/sbin";
    String message = "pgbouncer is not installed (Debian package pgbouncer), this test needs it";
    return Stream.of(folders.split(":", -1))
        .map(folder -> Path.of(folder, "pgbouncer"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseGet(() ->
            "1".equals(System.getenv("GATEHOUSE_REQUIRE_PROGRAMS"))
                ? fail(message)
                : abort(message));
  }

  private void awaitListening(Path log) throws Exception {
    for (int attempt = 0; ; attempt++) {
      try {
        connect().close();
        return;
      } catch (SQLException e) {
        assertThat(process.isAlive() && attempt < 200)
            .as(() -> e.getMessage() + "\n" + read(log))
            .isTrue();
        process.waitFor(50, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Where it listens on 127.0.0.1; its database is {@code pooled}, for anybody. */
  int port() {
    return port;
  }

  /** A new connection of the application's. */
  Connection connect() throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + port + "/pooled?prepareThreshold=0", "any", "any");
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
