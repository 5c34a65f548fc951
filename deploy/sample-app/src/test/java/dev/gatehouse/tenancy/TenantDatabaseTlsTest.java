package dev.gatehouse.tenancy;

import static dev.gatehouse.contract.database.IsolationStrategy.SHARED;
import static dev.gatehouse.contract.database.TlsMode.REQUIRE;
import static dev.gatehouse.contract.database.TlsMode.VERIFY_FULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.backends.TlsPostgres;
import dev.gatehouse.contract.database.PoolSettings;
import dev.gatehouse.contract.database.TenantDataSource;
import dev.gatehouse.contract.database.TenantDatabase;
import dev.gatehouse.contract.database.TenantDatabaseException;
import dev.gatehouse.contract.database.TlsMode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Applications on the way to a server that speaks TLS, as the control plane tells them to. */
@Timeout(120)
class TenantDatabaseTlsTest {
  private static final Optional<String> RIGHT = Optional.of(TlsPostgres.authority());
  private static final Optional<String> WRONG = Optional.of(TlsPostgres.otherAuthority());
  private static final String SESSION =
      "SELECT ssl || ' ' || (SELECT min(text) FROM note) FROM pg_stat_ssl"
          + " WHERE pid = pg_backend_pid()";

  private final Vertx vertx = Vertx.vertx();
  private final TlsPostgres server;
  private final Placements placements;
  private final UUID acme;

  TenantDatabaseTlsTest(@TempDir Path folder) throws Exception {
    server = TlsPostgres.start(folder.resolve("server"));
    placements = new Placements(SHARED, server.url(), Placements.TABLE);
    acme = placements.tenant("acme");
  }

  @AfterEach
  void close() {
    placements.close();
    server.close();
    vertx.close().await();
  }

  @Test
  void isEncryptedWithWhoeverItIsWhereThatIsEnough() throws Exception {
    assertServed("127.0.0.1", REQUIRE, Optional.empty(), PoolSettings.defaults());
  }

  @Test
  void isEncryptedWithTheServerOfThisNameAndAuthority(@TempDir Path folder) throws Exception {
    assertServed("localhost", VERIFY_FULL, RIGHT, PoolSettings.defaults());
    Path own = folder.resolve("own.pem");
    Files.writeString(own, TlsPostgres.authority());
    assertServed("localhost", VERIFY_FULL, WRONG, PoolSettings.defaults().withAuthorities(own));
  }

  @Test
  void saysThatTheCertificateIsNotForThisName() throws Exception {
    assertRefused(
        "127.0.0.1",
        VERIFY_FULL,
        RIGHT,
        "the certificate of 127.0.0.1:%d is not for this name".formatted(server.port()));
  }

  @Test
  void saysThatTheCertificateIsOfNoAuthorityThatIsTrusted() throws Exception {
    String why =
        "the certificate of localhost:%d is of no authority that is trusted: give the PEM"
            .formatted(server.port());
    assertRefused("localhost", VERIFY_FULL, WRONG, why);
    assertRefused("localhost", VERIFY_FULL, Optional.empty(), why);
  }

  @Test
  void saysThatTheServerSpeaksNoTls() throws Exception {
    server.speakTls(false);
    String why = "localhost:%d does not speak TLS, which is required".formatted(server.port());
    assertRefused("localhost", REQUIRE, Optional.empty(), why);
    assertRefused("localhost", VERIFY_FULL, RIGHT, why);
  }

  @Test
  void readsFromNoReplicaThatProvesNotWhoItIs() throws Exception {
    placements.put(acme, placements.placeOf(acme).withReplicasAt("127.0.0.1", server.port()));
    assertThat(poolsAfterReading(REQUIRE, Optional.empty())).as("both").isEqualTo(2);
    assertThat(poolsAfterReading(VERIFY_FULL, RIGHT)).as("the primary alone").isEqualTo(1);
    placements.put(acme, placements.placeOf(acme).withReplicasAt("localhost", server.port()));
    assertRefused("127.0.0.1", VERIFY_FULL, RIGHT, "is not for this name");
    try (TenantDatabase database = database(PoolSettings.defaults())) {
      assertThat(await(database.readOnly(placements.request(acme), query(SESSION))))
          .as("the replica alone")
          .isEqualTo("true acme 1");
    }
  }

  /** With one connection to each server: how many have one after a change and a query. */
  private int poolsAfterReading(TlsMode tls, Optional<String> trust) throws Exception {
    placements.encrypt("localhost", tls, trust);
    try (TenantDatabase database = database(PoolSettings.defaults());
        TenantDataSource sources = sources(PoolSettings.defaults())) {
      assertThat(await(database.inTransaction(placements.request(acme), query(SESSION))))
          .isEqualTo("true acme 1");
      assertThat(await(database.readOnly(placements.request(acme), query(SESSION))))
          .isEqualTo("true acme 1");
      try (Connection writer = sources.forContext(placements.request(acme)).getConnection();
          Connection reader = sources.readOnly(placements.request(acme)).getConnection()) {
        assertThat(Scene.query(writer, SESSION)).containsExactly("true acme 1");
        assertThat(Scene.query(reader, SESSION)).containsExactly("true acme 1");
        assertThat(sources.usage().pools()).isEqualTo(database.usage().pools());
      }
      return database.usage().pools();
    }
  }

  private void assertServed(String host, TlsMode tls, Optional<String> trust, PoolSettings settings)
      throws Exception {
    placements.encrypt(host, tls, trust);
    try (TenantDatabase database = database(settings);
        TenantDataSource sources = sources(settings);
        Connection connection = sources.forContext(placements.request(acme)).getConnection()) {
      assertThat(await(database.inTransaction(placements.request(acme), query(SESSION))))
          .isEqualTo("true acme 1");
      assertThat(Scene.query(connection, SESSION)).containsExactly("true acme 1");
    }
  }

  private void assertRefused(String host, TlsMode tls, Optional<String> trust, String why) {
    placements.encrypt(host, tls, trust);
    try (TenantDatabase database = database(PoolSettings.defaults());
        TenantDataSource sources = sources(PoolSettings.defaults())) {
      assertThatThrownBy(
              () -> await(database.inTransaction(placements.request(acme), query(SESSION))))
          .isInstanceOf(TenantDatabaseException.Unavailable.class)
          .hasMessageContaining(why);
      assertThatThrownBy(() -> sources.forContext(placements.request(acme)).getConnection())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining(why);
      assertThat(database.usage().connections()).isZero();
      assertThat(sources.usage().connections()).isZero();
    }
  }

  private TenantDatabase database(PoolSettings settings) {
    return new TenantDatabase(vertx, placements.source(), settings);
  }

  private TenantDataSource sources(PoolSettings settings) {
    return new TenantDataSource(placements.source(), settings);
  }

  private static Function<SqlConnection, Future<String>> query(String sql) {
    return connection ->
        connection.query(sql).execute().map(rows -> rows.iterator().next().getString(0));
  }

  private static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
