package dev.gatehouse.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The PostgreSQL and Redis that tests use: the servers named by {@code GATEHOUSE_TEST_DATABASE_URL}
 * and {@code GATEHOUSE_TEST_REDIS_URL}, else containers where an engine answers, else embedded
 * ones. One server for all tests of a JVM, started when first asked for and stopped with the JVM.
 */
public final class TestBackends {
  private TestBackends() {}

  /**
   * Makes a new, empty database.
   *
   * @return {@code postgresql://user:password@host:port/database}, whose role may create anything
   *     in it
   */
  public static String freshDatabaseUrl() {
    return createDatabase("");
  }

  /**
   * Makes a copy of a database, which nobody may be connected to.
   *
   * @param url that of the database, as this class gave it
   * @return that of the copy
   */
  public static String copyOf(String url) {
    return createDatabase(" TEMPLATE " + URI.create(url).getPath().substring(1));
  }

  private static String createDatabase(String options) {
    URI server = URI.create(Postgres.URL);
    String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    String[] login = server.getUserInfo().split(":", 2);
    String jdbcUrl =
        "jdbc:postgresql://%s:%d%s".formatted(server.getHost(), port(server), server.getPath());
    try (Connection connection = DriverManager.getConnection(jdbcUrl, login[0], login[1]);
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + options);
    } catch (SQLException e) {
      throw new IllegalStateException("the test database server refused a new database", e);
    }
    return "postgresql://%s@%s:%d/%s"
        .formatted(server.getRawUserInfo(), server.getHost(), port(server), name);
  }

  /**
   * The shared Redis. Use fresh ids in keys: it is never emptied.
   *
   * @return {@code redis://[:password@]host:port}
   */
  public static String redisUrl() {
    return Redis.URL;
  }

  private static int port(URI server) {
    return server.getPort() == -1 ? 5432 : server.getPort();
  }

  private static boolean hasContainers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /** Deleted at the end of the JVM, after the server in it has stopped. */
  private static Path scratchDirectory(String name) {
    try {
      return Files.createTempDirectory("gatehouse-test-" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void atEnd(AutoCloseable server, Path directory) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              try {
                server.close();
                BundledPrograms.deleteTree(directory);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }));
  }

  private static final class Postgres {
    static final String URL =
        Optional.ofNullable(System.getenv("GATEHOUSE_TEST_DATABASE_URL"))
            .orElseGet(() -> hasContainers() ? inContainer() : embedded());

    private static String inContainer() {
      // Ends with the JVM: Testcontainers' reaper removes it.
      @SuppressWarnings("resource")
      PostgreSQLContainer server = new PostgreSQLContainer("postgres:18-alpine");
      server.start();
      return "postgresql://%s:%s@%s:%d/%s"
          .formatted(
              server.getUsername(),
              server.getPassword(),
              server.getHost(),
              server.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
              server.getDatabaseName());
    }

    private static String embedded() {
      Path directory = scratchDirectory("postgres");
      EmbeddedPostgres server = EmbeddedPostgres.startForgetful(directory);
      atEnd(server, directory);
      return server.url();
    }
  }

  private static final class Redis {
    static final String URL =
        Optional.ofNullable(System.getenv("GATEHOUSE_TEST_REDIS_URL"))
            .orElseGet(() -> hasContainers() ? inContainer() : embedded());

    private static String inContainer() {
      // Ends with the JVM: Testcontainers' reaper removes it.
      @SuppressWarnings("resource")
      GenericContainer<?> server =
          new GenericContainer<>(DockerImageName.parse("redis:7-alpine")).withExposedPorts(6379);
      server.start();
      return "redis://%s:%d".formatted(server.getHost(), server.getMappedPort(6379));
    }

    private static String embedded() {
      Path directory = scratchDirectory("redis");
      EmbeddedRedis server = EmbeddedRedis.start(directory, 0);
      atEnd(server, directory);
      return server.url();
    }
  }
}
