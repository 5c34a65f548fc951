package dev.gatehouse.backends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of one's own: a child process that listens on 127.0.0.1 alone, asks for a
 * password (SCRAM-SHA-256), writes durably and keeps its data from one start to the next. It ends
 * with this process.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String NAME = "PostgreSQL";
  private static final String USER = "gatehouse";
  private static final String DATABASE = "gatehouse";
  private static final Duration INITDB_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);
  private static final int ATTEMPTS_AT_A_FREE_PORT = 5;

  private final DirectoryLock lock;
  private final ChildProcess server;
  private final int port;
  private final String password;

  private EmbeddedPostgres(DirectoryLock lock, ChildProcess server, int port, String password) {
    this.lock = lock;
    this.server = server;
    this.port = port;
    this.password = password;
  }

  /**
   * Starts the server and returns when it answers: about two seconds for a new directory, less than
   * half a second for a known one. A server that an earlier process left behind on the same
   * directory is stopped first. Blocks.
   *
   * @param directory where the data, the password and nothing else live; made if absent
   * @param port where to listen, or 0 for any free port
   * @throws BackendException if it cannot start; the message is for the user
   */
  public static EmbeddedPostgres start(Path directory, int port) {
    return start(directory, port, PostgresRelease.BUNDLED);
  }

  /** The same of another release. */
  public static EmbeddedPostgres start(Path directory, int port, PostgresRelease release) {
    return start(directory, port, release, true);
  }

  /**
   * One on any free port whose data need not outlive the machine: it waits for no disk, and copies
   * whole databases in a tenth of the time. It asks for the password itself, as SCRAM costs whoever
   * logs in some thousand hashes. For tests.
   */
  static EmbeddedPostgres startForgetful(Path directory) {
    return start(directory, 0, PostgresRelease.BUNDLED, false);
  }

  private static EmbeddedPostgres start(
      Path directory, int port, PostgresRelease release, boolean durable) {
    Path home = directory.toAbsolutePath().normalize();
    ServerUser user = ServerUser.owning(home);
    DirectoryLock lock = DirectoryLock.take(home);
    try {
      Installation installation =
          new Installation(
              home, release, BundledPrograms.of(home).postgres(release), user, durable);
      installation.prepare();
      return listen(installation, port, lock);
    } catch (IOException e) {
      lock.close();
      throw BackendException.fromIo(NAME, home, e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static EmbeddedPostgres listen(Installation installation, int port, DirectoryLock lock)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      int candidate = port == 0 ? Ports.free() : port;
      try {
        return new EmbeddedPostgres(
            lock, installation.launch(candidate), candidate, installation.password());
      } catch (BackendException.PortInUse e) {
        if (port != 0 || attempt == ATTEMPTS_AT_A_FREE_PORT) {
          throw e;
        }
      }
    }
  }

  /**
   * Where the server is, with the name and password of its owner role: {@code
   * postgresql://user:password@127.0.0.1:port/database}. A secret.
   */
  public String url() {
    return "postgresql://%s:%s@127.0.0.1:%d/%s".formatted(USER, password, port, DATABASE);
  }

  /** Where it listens on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The number of the server's main process. */
  public long pid() {
    return server.pid();
  }

  /** Completes with the exit code when the server has ended, whoever ended it. */
  public CompletableFuture<Integer> onExit() {
    return server.onExit();
  }

  /** Ends all sessions and stops the server; takes 15 seconds at the most. */
  @Override
  public void close() {
    server.close();
    lock.close();
  }

  /**
   * The files of one server and the two programs that work on them.
   *
   * @param durable whether a commit waits for the disk, and passwords are proven instead of sent
   */
  private record Installation(
      Path home, PostgresRelease release, Path programs, ServerUser user, boolean durable) {
    Path data() {
      return home.resolve("data");
    }

    Path passwordFile() {
      return home.resolve("password");
    }

    String password() throws IOException {
      return ServerPassword.readOrCreate(passwordFile(), user);
    }

    void prepare() throws IOException {
      StaleServer.stop(
          data().resolve("postmaster.pid"), "postgres", data().toString(), List.of("INT", "QUIT"));
      Path versionFile = data().resolve("PG_VERSION");
      if (!Files.exists(versionFile)) {
        initialize();
      }
      String version = Files.readString(versionFile).strip();
      if (!version.equals(release.major())) {
        throw new BackendException.DirectoryNotUsable(
            home, "its data is of PostgreSQL %s, expected %s".formatted(version, release.major()));
      }
    }

    /** The data directory is renamed into place, so that it never is half made. */
    private void initialize() throws IOException {
      password();
      Path unfinished = home.resolve("data.unfinished");
      BundledPrograms.deleteTree(unfinished);
      List<String> command =
          new ArrayList<>(
              List.of(
                  programs.resolve("initdb").toString(),
                  "--pgdata=" + unfinished,
                  "--username=" + USER,
                  "--pwfile=" + passwordFile(),
                  "--auth=" + (durable ? "scram-sha-256" : "password"),
                  "--encoding=UTF8",
                  "--locale=C",
                  "--no-instructions"));
      if (release.hasBuiltinLocales()) {
        command.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
      }
      try (ChildProcess initdb = run(command, STOP_TIMEOUT)) {
        int exitCode =
            initdb
                .onExit()
                .completeOnTimeout(-1, INITDB_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (exitCode != 0) {
          throw BackendException.fromOutput("initdb", home, 0, initdb.lastLines());
        }
      }
      Files.move(unfinished, data());
    }

    ChildProcess launch(int port) throws IOException {
      String writing = durable ? "on" : "off";
      Ports.requireFree(NAME, port);
      ChildProcess server =
          run(
              List.of(
                  programs.resolve("postgres").toString(),
                  "-D",
                  data().toString(),
                  "-c",
                  "listen_addresses=127.0.0.1",
                  "-c",
                  "port=" + port,
                  "-c",
                  "unix_socket_directories=",
                  "-c",
                  "fsync=" + writing,
                  "-c",
                  "synchronous_commit=" + writing,
                  "-c",
                  "full_page_writes=" + writing,
                  "-c",
                  "max_connections=200",
                  "-c",
                  "timezone=UTC",
                  "-c",
                  "log_timezone=UTC"),
              STOP_TIMEOUT);
      try {
        awaitAnswer(server, port);
        return server;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    }

    private ChildProcess run(List<String> command, Duration stopTimeout) throws IOException {
      return ChildProcess.start(
          new ChildProcess.Program(
              user.prefix(),
              command,
              Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C"),
              home,
              "INT",
              stopTimeout,
              line -> LOG.debug("{}", line)));
    }

    private void awaitAnswer(ChildProcess server, int port) throws IOException {
      Instant deadline = Instant.now().plus(START_TIMEOUT);
      while (!answers(port)) {
        if (!server.isAlive()) {
          throw BackendException.fromOutput(NAME, home, port, server.lastLines());
        }
        if (Instant.now().isAfter(deadline)) {
          throw new BackendException.StartFailed(
              NAME, "it did not answer within %d s.".formatted(START_TIMEOUT.toSeconds()));
        }
        Pause.briefly();
      }
    }

    private boolean answers(int port) throws IOException {
      Properties login = new Properties();
      login.setProperty("user", USER);
      login.setProperty("password", password());
      login.setProperty("connectTimeout", "2");
      login.setProperty("socketTimeout", "10");
      try (Connection connection =
              DriverManager.getConnection(
                  "jdbc:postgresql://127.0.0.1:" + port + "/postgres", login);
          Statement statement = connection.createStatement()) {
        try (ResultSet found =
            statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")) {
          if (found.next()) {
            return true;
          }
        }
        statement.execute("CREATE DATABASE " + DATABASE);
        return true;
      } catch (SQLException e) {
        LOG.debug("not yet: {}", e.getMessage());
        return false;
      }
    }
  }
}
