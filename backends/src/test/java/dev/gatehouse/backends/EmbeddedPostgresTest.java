package dev.gatehouse.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresTest {
  /** Closed to other accounts, so that as root its path must be opened to the servers' account. */
  @TempDir private Path closedToOthers;

  @Test
  void aSecondStartFindsTheDataOfTheFirst() throws Exception {
    Path directory = closedToOthers.resolve("postgres");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0);
        Connection connection = connect(server.url());
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept AS SELECT 42 AS answer");
    }
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      assertThat(query(server.url(), "SELECT answer FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void writesDurably() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(closedToOthers.resolve("postgres"), 0)) {
      for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        assertThat(query(server.url(), "SHOW " + setting)).as(setting).isEqualTo("on");
      }
      assertThat(query(server.url(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void asksForThePasswordThatOnlyItsOwnerCanRead() throws Exception {
    Path directory = closedToOthers.resolve("postgres");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      String wrong = server.url().replaceFirst(":[0-9a-f]+@", ":wrong@");
      assertThatThrownBy(() -> connect(wrong))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(Files.getPosixFilePermissions(directory.resolve("password")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void refusesADirectoryThatIsInUse() {
    Path directory = closedToOthers.resolve("postgres");
    try (EmbeddedPostgres _ = EmbeddedPostgres.start(directory, 0)) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(directory, 0))
          .isInstanceOf(BackendException.DirectoryInUse.class)
          .hasMessageContaining(directory.toString());
    }
  }

  @Test
  void namesThePortThatIsInUse() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() ->
              EmbeddedPostgres.start(closedToOthers.resolve("postgres"), other.getLocalPort()))
          .isInstanceOf(BackendException.PortInUse.class)
          .hasMessageContaining(Integer.toString(other.getLocalPort()));
    }
  }

  @Test
  void refusesDataOfAnotherVersion() throws Exception {
    Path directory = closedToOthers.resolve("postgres");
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/PG_VERSION"), "15\n");
    assertThatThrownBy(() -> EmbeddedPostgres.start(directory, 0))
        .isInstanceOf(BackendException.DirectoryNotUsable.class)
        .hasMessageContaining("PostgreSQL 15, expected 18");
  }

  @Test
  void stopsAServerThatAnEarlierProcessLeftBehind() throws Exception {
    Path directory = closedToOthers.resolve("postgres");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      Path data = directory.resolve("data");
      StaleServer.stop(data.resolve("postmaster.pid"), "postgres", data.toString(), List.of("INT"));
      assertThat(server.onExit().get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void leavesAnotherProcessAloneWhoseNumberIsInAnOldFile() throws Exception {
    Path pidFile = closedToOthers.resolve("postmaster.pid");
    Process bystander = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(pidFile, bystander.pid() + "\n");
      StaleServer.stop(pidFile, "postgres", "/anywhere", List.of("KILL"));
      assertThat(bystander.isAlive()).isTrue();
      assertThat(pidFile).doesNotExist();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void makesEachTestADatabaseOfItsOwn() throws Exception {
    String first = TestBackends.freshDatabaseUrl();
    String second = TestBackends.freshDatabaseUrl();
    assertThat(first).isNotEqualTo(second);
    assertThat(query(second, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        .isEqualTo("0");
  }

  private static String query(String url, String sql) throws SQLException {
    try (Connection connection = connect(url);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static Connection connect(String url) throws SQLException {
    URI uri = URI.create(url);
    String[] login = uri.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath()),
        login[0],
        login[1]);
  }
}
