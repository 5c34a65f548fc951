package dev.gatehouse.tenancy;

import static dev.gatehouse.contract.database.IsolationStrategy.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.database.PoolSettings;
import dev.gatehouse.contract.database.PoolUsage;
import dev.gatehouse.contract.database.TenantDataSource;
import dev.gatehouse.contract.database.TenantDatabase;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that nobody uses, as the server sees them. */
@Timeout(60)
class IdleConnectionsTest {
  private static final PoolUsage NOTHING = new PoolUsage(0, 0, 0, 0);
  private static final PoolSettings SOON_OVER =
      PoolSettings.defaults().withIdle(Duration.ofMillis(50));

  private final Vertx vertx = Vertx.vertx();
  private final Placements placements;
  private final UUID acme;
  private final UUID globex;

  IdleConnectionsTest() throws Exception {
    placements = new Placements(SCHEMA, Postgres.V18);
    acme = placements.tenant("acme");
    globex = placements.tenant("globex");
  }

  @AfterEach
  void close() {
    placements.close();
    vertx.close().await();
  }

  @Test
  void endWhenTheirTimeIsOverThoughNobodyAsksForAnother() throws Exception {
    try (TenantDatabase database = new TenantDatabase(vertx, placements.source(), SOON_OVER)) {
      ask(database, acme);
      ask(database, globex);
      awaitNoneOf(acme);
      awaitNoneOf(globex);
      assertThat(database.usage()).isEqualTo(NOTHING);

      ask(database, acme);
      awaitNoneOf(acme);
    }
  }

  @Test
  void endAlsoWithJdbc() throws Exception {
    try (TenantDataSource sources = new TenantDataSource(placements.source(), SOON_OVER)) {
      ask(sources, acme);
      ask(sources, globex);
      awaitNoneOf(acme);
      awaitNoneOf(globex);
      assertThat(sources.usage()).isEqualTo(NOTHING);
    }
  }

  @Test
  void stayWhileTheirTimeIsNotOverUntilAnotherTenantNeedsTheRoom() throws Exception {
    PoolSettings one = PoolSettings.defaults().withConnections(1, 1, 1);
    try (TenantDatabase database = new TenantDatabase(vertx, placements.source(), one);
        TenantDataSource sources = new TenantDataSource(placements.source(), one)) {
      ask(database, acme);
      ask(sources, acme);
      assertThat(connectionsOf(acme)).isEqualTo(2);

      ask(database, globex);
      ask(sources, globex);

      awaitNoneOf(acme);
      assertThat(connectionsOf(globex)).isEqualTo(2);
    }
    awaitNoneOf(globex);
  }

  private void ask(TenantDatabase database, UUID tenant) {
    database
        .inTransaction(
            placements.request(tenant),
            connection -> connection.query("SELECT count(*) FROM note").execute())
        .await();
  }

  private void ask(TenantDataSource sources, UUID tenant) throws SQLException {
    try (Connection connection = sources.forContext(placements.request(tenant)).getConnection()) {
      assertThat(Scene.query(connection, "SELECT count(*) FROM note")).containsExactly("3");
    }
  }

  private void awaitNoneOf(UUID tenant) throws SQLException {
    while (connectionsOf(tenant) > 0) {
      Thread.onSpinWait();
    }
  }

  private int connectionsOf(UUID tenant) throws SQLException {
    try (Connection superuser = placements.superuser("postgres")) {
      return Integer.parseInt(
          Scene.query(
                  superuser,
                  "SELECT count(*) FROM pg_stat_activity WHERE usename = '%s'"
                      .formatted(placements.placeOf(tenant).user()))
              .getFirst());
    }
  }
}
