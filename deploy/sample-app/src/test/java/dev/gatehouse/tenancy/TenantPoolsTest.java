package dev.gatehouse.tenancy;

import static dev.gatehouse.contract.database.IsolationStrategy.SCHEMA;
import static dev.gatehouse.contract.database.IsolationStrategy.SHARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.ConnectionDetails;
import dev.gatehouse.contract.database.DatabaseAccess;
import dev.gatehouse.contract.database.FixedConnections;
import dev.gatehouse.contract.database.PoolSettings;
import dev.gatehouse.contract.database.TenantDataSource;
import dev.gatehouse.contract.database.TenantDatabase;
import dev.gatehouse.contract.database.TenantDatabaseException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many tenants, several servers, and a control plane that says where they are. */
@Timeout(300)
class TenantPoolsTest {
  private static final String WHOSE = "SELECT min(split_part(text, ' ', 1)) FROM note";

  private final Vertx vertx = Vertx.vertx();
  @TempDir Path folder;

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void twoHundredTenantsShareEightPools() throws Exception {
    PoolSettings settings =
        PoolSettings.defaults()
            .withConnections(16, 4, 8)
            .withWaiting(10_000, 10_000, Duration.ofMinutes(2));
    try (Placements placements = new Placements(SCHEMA, Postgres.V18);
        TenantDatabase database = new TenantDatabase(vertx, placements.source(), settings)) {
      List<UUID> tenants = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        tenants.add(placements.tenant("t" + i));
      }
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        answers.add(ask(database, placements.request(tenants.get(i % 200)), WHOSE));
      }
      int most = 0;
      int pools = 0;
      for (int i = 0; i < answers.size(); i++) {
        assertThat(await(answers.get(i))).isEqualTo("t" + i % 200);
        most = Math.max(most, database.usage().connections());
        pools = Math.max(pools, database.usage().pools());
      }
      assertThat(most).isBetween(1, 16);
      assertThat(pools).isBetween(1, 8);
      assertThat(database.usage().inUse()).isZero();
      try (Connection superuser = placements.superuser("postgres")) {
        assertThat(
                Integer.parseInt(
                    Scene.query(
                            superuser,
                            "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'gh\\_%'")
                        .getFirst()))
            .isLessThanOrEqualTo(16);
      }
    }
  }

  @Test
  void asksAgainWhenALoginIsRefusedAndNotWhileOneServes() throws Exception {
    try (Placements placements = new Placements(SCHEMA, Postgres.V18);
        TenantDatabase database =
            new TenantDatabase(vertx, placements.source(), PoolSettings.defaults());
        TenantDataSource sources =
            new TenantDataSource(placements.source(), PoolSettings.defaults())) {
      UUID acme = placements.tenant("acme");
      for (int i = 0; i < 5; i++) {
        assertThat(await(ask(database, placements.request(acme), WHOSE))).isEqualTo("acme");
        assertThat(ask(sources, placements.request(acme))).isEqualTo("acme");
      }
      assertThat(placements.questions).hasValue(2);

      Placements.Place place = placements.placeOf(acme);
      placements.put(acme, place.withPassword("another"));
      try (Connection superuser = placements.superuser("postgres")) {
        Scene.execute(superuser, "ALTER ROLE " + place.user() + " PASSWORD 'another'");
        Scene.query(
            superuser,
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '%s'"
                .formatted(place.user()));
      }
      assertThat(await(ask(database, placements.request(acme), WHOSE))).isEqualTo("acme");
      assertThat(ask(sources, placements.request(acme))).isEqualTo("acme");
      assertThat(placements.questions).hasValue(4);

      placements.stopControlPlane();
      assertThat(await(ask(database, placements.request(acme), WHOSE))).isEqualTo("acme");
      assertThatThrownBy(() -> await(ask(database, placements.request(UUID.randomUUID()), WHOSE)))
          .isInstanceOf(TenantDatabaseException.Unavailable.class);
    }
  }

  @Test
  void saysThatATenantIsNotPlaced() throws Exception {
    try (Placements placements = new Placements(SCHEMA, Postgres.V18);
        TenantDatabase database =
            new TenantDatabase(vertx, placements.source(), PoolSettings.defaults())) {
      assertThatThrownBy(() -> await(ask(database, placements.request(UUID.randomUUID()), WHOSE)))
          .isInstanceOf(TenantDatabaseException.Unavailable.class)
          .hasMessageContaining("nothing for you here");
    }
  }

  @Test
  void tenantsThatShareTablesAreAskedForOnce() throws Exception {
    try (Placements placements = new Placements(SHARED, Postgres.V18);
        TenantDatabase database =
            new TenantDatabase(vertx, placements.source(), PoolSettings.defaults())) {
      for (String name : List.of("acme", "globex", "initech")) {
        UUID tenant = placements.tenant(name);
        assertThat(await(ask(database, placements.request(tenant), WHOSE))).isEqualTo(name);
      }
      assertThat(placements.questions).hasValue(1);
      assertThat(database.usage().pools()).isEqualTo(1);
    }
  }

  @Test
  void readsFromAReplicaAndFromThePrimaryWhenThereIsNone() throws Exception {
    Path home = folder.resolve("primary");
    Path copy = folder.resolve("replica");
    UUID acme;
    Placements placements;
    int port;
    try (EmbeddedPostgres primary = EmbeddedPostgres.start(home, 0)) {
      port = primary.port();
      placements = new Placements(SHARED, primary.url(), Placements.TABLE);
      acme = placements.tenant("acme");
    }
    run("cp", "-a", home.toString(), copy.toString());
    try (EmbeddedPostgres primary = EmbeddedPostgres.start(home, port);
        TenantDatabase database =
            new TenantDatabase(vertx, placements.source(), PoolSettings.defaults());
        TenantDataSource sources =
            new TenantDataSource(placements.source(), PoolSettings.defaults())) {
      String[] login = URI.create(primary.url()).getUserInfo().split(":", 2);
      Files.writeString(copy.resolve("data/standby.signal"), "");
      Files.writeString(
          copy.resolve("data/postgresql.auto.conf"),
          "primary_conninfo = 'host=127.0.0.1 port=%d user=%s password=%s'\n"
              .formatted(port, login[0], login[1]));
      int replicaPort;
      try (EmbeddedPostgres replica = EmbeddedPostgres.start(copy, 0)) {
        replicaPort = replica.port();
        placements.put(acme, placements.placeOf(acme).withReplicas(replicaPort));
        SignedContext request = placements.request(acme);
        String where = "SELECT pg_is_in_recovery() || ' ' || pg_backend_pid()";
        String first = await(database.readOnly(request, query(where)));
        assertThat(first).startsWith("true ");
        assertThat(await(database.readOnly(request, query(where))))
            .as("the session on the replica is used again")
            .isEqualTo(first);
        assertThat(await(database.readOnly(request, query(WHOSE)))).isEqualTo("acme");
        assertThat(await(ask(database, request, "SELECT pg_is_in_recovery()"))).isEqualTo("false");
        try (Connection reader = sources.readOnly(request).getConnection()) {
          assertThat(Scene.query(reader, "SELECT pg_is_in_recovery()")).containsExactly("t");
        }
      }
      SignedContext request = placements.request(acme);
      assertThat(await(database.readOnly(request, query("SELECT pg_is_in_recovery()"))))
          .isEqualTo("false");
      try (Connection reader = sources.readOnly(request).getConnection()) {
        assertThat(Scene.query(reader, "SELECT pg_is_in_recovery()")).containsExactly("f");
        assertThatThrownBy(() -> Scene.execute(reader, "DELETE FROM note"))
            .hasMessageContaining("read-only");
      }
    } finally {
      placements.close();
    }
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void worksThroughAPoolerOfTransactions() throws Exception {
    Scene scene = Scene.of(Postgres.V18, Keeping.PARAMETER);
    try (PgBouncer bouncer = new PgBouncer(folder, scene.jdbcUrl(), scene.application())) {
      FixedConnections source =
          new FixedConnections(
              Map.of(
                  Scene.AUDIENCE,
                  new ConnectionDetails(
                      Scene.AUDIENCE,
                      SHARED,
                      "127.0.0.1",
                      bouncer.port(),
                      "pooled",
                      "any",
                      "any",
                      Optional.empty(),
                      Optional.empty(),
                      List.of(),
                      Optional.empty(),
                      Optional.empty())));
      PoolSettings settings = PoolSettings.defaults().withTransactionPooler();
      try (TenantDatabase database = new TenantDatabase(vertx, source, settings);
          TenantDataSource sources = new TenantDataSource(source, settings)) {
        for (int i = 0; i < 40; i++) {
          UUID tenant = i % 2 == 0 ? Scene.ACME : Scene.GLOBEX;
          SignedContext request = request(scene, tenant);
          List<Future<String>> several = new ArrayList<>();
          for (int n = 0; n < 4; n++) {
            several.add(
                ask(database, request, "SELECT min(split_part(text, ' ', 1)) FROM notes.note"));
          }
          for (Future<String> one : several) {
            assertThat(await(one)).isEqualTo(i % 2 == 0 ? "acme" : "globex");
          }
          try (Connection connection = sources.forContext(request).getConnection()) {
            assertThat(Scene.query(connection, "SELECT text FROM notes.note ORDER BY 1"))
                .contains(i % 2 == 0 ? "acme 1" : "globex 1")
                .hasSize(3);
            Scene.execute(connection, "PREPARE left_behind AS SELECT 1", "SET lock_timeout = 7");
            connection.commit();
          }
        }
      }
    }
  }

  private static SignedContext request(Scene scene, UUID tenant) {
    Instant now = Instant.now();
    return new SignedContext(
        new TenantContext(
            tenant,
            "acme",
            "ada",
            Set.of(),
            Set.of(),
            "api-key",
            "notes",
            now,
            now.plusSeconds(60),
            Optional.of(new DatabaseAccess(Scene.AUDIENCE, SHARED, scene.token(tenant)))),
        "not asked for");
  }

  private static String ask(TenantDataSource sources, SignedContext request) throws Exception {
    try (Connection connection = sources.forContext(request).getConnection()) {
      return Scene.query(connection, WHOSE).getFirst();
    }
  }

  private static Future<String> ask(TenantDatabase database, SignedContext request, String sql) {
    return database.inTransaction(request, query(sql));
  }

  private static Function<SqlConnection, Future<String>> query(String sql) {
    return connection -> connection.query(sql).execute().map(TenantPoolsTest::first);
  }

  private static String first(RowSet<Row> rows) {
    return String.valueOf(rows.iterator().next().getValue(0));
  }

  private static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
