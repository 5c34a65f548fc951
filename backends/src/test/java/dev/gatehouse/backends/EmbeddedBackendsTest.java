package dev.gatehouse.backends;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedBackendsTest {
  @Test
  void aSecondStartFindsTheDataOfTheFirst(@TempDir Path directory) throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0)) {
      try (Connection connection = connect(server.url())) {
        connection.createStatement().execute("CREATE TABLE kept AS SELECT 42 AS answer");
      }
    }
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 0);
        Connection connection = connect(server.url());
        var rows = connection.createStatement().executeQuery("SELECT answer FROM kept")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(42);
    }
  }

  @Test
  void startsRedis(@TempDir Path directory) {
    try (EmbeddedRedis server = EmbeddedRedis.start(directory, 0)) {
      assertThat(server.url()).startsWith("redis://:");
    }
  }

  @Test
  void aFreshDatabaseAnswers() throws Exception {
    try (Connection connection = connect(TestBackends.freshDatabaseUrl())) {
      assertThat(connection.isValid(5)).isTrue();
    }
    assertThat(TestBackends.redisUrl()).startsWith("redis://");
  }

  private static Connection connect(String url) throws Exception {
    URI uri = URI.create(url);
    String[] login = uri.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + uri.getPort() + uri.getPath(), login[0], login[1]);
  }
}
