package dev.gatehouse.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.database.PoolSettings;
import dev.gatehouse.contract.database.TenantDataSource;
import dev.gatehouse.contract.database.TenantDatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

/** Applications on JDBC: the same code wherever a tenant's data are. */
@Timeout(120)
@ParameterizedClass
@CsvSource({"SHARED,V18", "SCHEMA,V18", "DATABASE,V18", "SHARED,V15"})
class TenantDataSourceTest {
  private static final String NOTES = "SELECT text FROM note ORDER BY text";
  private static final PoolSettings ONE =
      PoolSettings.defaults().withConnections(1, 1, 1).withWaiting(1, 1, Duration.ofMillis(300));

  private final Placements placements;
  private final UUID acme;
  private final UUID globex;
  private final TenantDataSource sources;

  TenantDataSourceTest(IsolationStrategy strategy, Postgres postgres) throws Exception {
    placements = new Placements(strategy, postgres);
    acme = placements.tenant("acme");
    globex = placements.tenant("globex");
    sources = new TenantDataSource(placements.source(), ONE);
  }

  @AfterEach
  void close() {
    sources.close();
    placements.close();
  }

  @Test
  void tenantsTakeTurnsOnOneConnection() throws Exception {
    for (int i = 0; i < 8; i++) {
      assertThat(notes(acme)).containsExactly("acme 1", "acme 2", "acme 3");
      assertThat(notes(globex)).containsExactly("globex 1", "globex 2", "globex 3");
      assertThat(sources.usage().connections()).isEqualTo(1);
    }
  }

  @Test
  void entersAgainAfterACommitAndARollback() throws Exception {
    try (Connection connection = connect(acme);
        PreparedStatement add =
            connection.prepareStatement("INSERT INTO note (id, text) VALUES (?, 'acme n')")) {
      add.setInt(1, 4);
      add.executeUpdate();
      connection.commit();
      add.setInt(1, 5);
      add.executeUpdate();
      connection.rollback();
      assertThat(Scene.query(connection, NOTES)).hasSize(4);
      add.setInt(1, 6);
      add.addBatch();
      add.executeBatch();
    }
    assertThat(notes(acme)).as("what was not committed is taken back").hasSize(4);
    assertThat(notes(globex)).hasSize(3);
  }

  @Test
  void doesNotCommitByItself() throws Exception {
    try (Connection connection = connect(acme)) {
      assertThat(connection.getAutoCommit()).isFalse();
      connection.setAutoCommit(false);
      assertThatThrownBy(() -> connection.setAutoCommit(true))
          .isInstanceOf(SQLFeatureNotSupportedException.class)
          .hasMessageContaining("commit()");
    }
  }

  @Test
  void whoCommitsItselfHasNoTenantAnyMore() throws Exception {
    try (Connection connection = connect(acme)) {
      Scene.execute(connection, "COMMIT");
      assertThatThrownBy(() -> Scene.query(connection, NOTES))
          .hasMessageContaining("no tenant was entered");
      connection.rollback();
      assertThat(Scene.query(connection, NOTES)).hasSize(3);
    }
  }

  @Test
  void saysThatAnErrorWasPassedOver() throws Exception {
    try (Connection connection = connect(acme)) {
      Scene.execute(connection, "INSERT INTO note (id, text) VALUES (4, 'x')");
      assertThatThrownBy(() -> Scene.query(connection, "SELECT 1 / 0"))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
    }
    assertThat(notes(acme)).hasSize(3);
  }

  @Test
  void nothingThatWasKeptOpensTheNextTenants() throws Exception {
    Connection kept = connect(acme);
    Statement statement = kept.createStatement();
    ResultSet rows = statement.executeQuery(NOTES);
    assertThat(rows.getStatement()).isSameAs(statement);
    assertThat(statement.getConnection()).isSameAs(kept);
    assertThat(kept.getMetaData().getConnection()).isSameAs(kept);
    assertThatThrownBy(() -> kept.unwrap(PGConnection.class)).isInstanceOf(SQLException.class);
    kept.close();

    try (Connection next = connect(globex)) {
      assertThat(next.isClosed()).isFalse();
      assertThat(kept.isClosed()).isTrue();
      assertThatThrownBy(kept::createStatement).hasMessageContaining("closed");
      assertThatThrownBy(() -> statement.executeQuery(NOTES)).hasMessageContaining("closed");
      assertThatThrownBy(rows::next).hasMessageContaining("closed");
      assertThatThrownBy(kept::commit).hasMessageContaining("closed");
      statement.close();
      kept.close();
      assertThat(Scene.query(next, NOTES)).hasSize(3);
    }
  }

  @Test
  void takesReadOnlyAndIsolationAsFrameworksSetThem() throws Exception {
    try (Connection connection = connect(acme)) {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      assertThat(Scene.query(connection, "SHOW transaction_isolation"))
          .containsExactly("serializable");
      assertThatThrownBy(() -> Scene.execute(connection, "DELETE FROM note"))
          .hasMessageContaining("read-only");
      connection.rollback();
    }
    try (Connection connection = connect(acme)) {
      assertThat(Scene.query(connection, "SHOW transaction_isolation"))
          .containsExactly("read committed");
      Scene.execute(connection, "DELETE FROM note WHERE id = 3");
      connection.commit();
    }
    assertThat(notes(acme)).hasSize(2);
  }

  @Test
  void readsOnlyWhereAskedTo() throws Exception {
    try (Connection connection = sources.readOnly(placements.request(acme)).getConnection()) {
      assertThat(Scene.query(connection, NOTES)).hasSize(3);
      connection.commit();
      assertThatThrownBy(() -> connection.setReadOnly(false)).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> Scene.execute(connection, "DELETE FROM note"))
          .hasMessageContaining("read-only");
    }
  }

  @Test
  void refusesWhoMayNotEnter() throws Exception {
    SignedContext late = placements.request(acme, Instant.now().minusSeconds(1));
    assertThatThrownBy(() -> sources.forContext(late).getConnection())
        .hasMessageContaining("the token ended at");
    SignedContext without = placements.request(acme, Optional.empty());
    assertThatThrownBy(() -> sources.forContext(without).getConnection())
        .hasCauseInstanceOf(TenantDatabaseException.NoDatabase.class);
    assertThat(notes(acme)).hasSize(3);
  }

  @Test
  void boundsWhoWaits() throws Exception {
    try (Connection _ = connect(acme)) {
      assertThatThrownBy(() -> connect(globex))
          .isInstanceOf(SQLTransientConnectionException.class)
          .hasCauseInstanceOf(TenantDatabaseException.Busy.class);
    }
    assertThat(notes(globex)).hasSize(3);
  }

  @Test
  void goesOnWhenTheServerHasEndedIdleConnections() throws Exception {
    notes(acme);
    try (Connection superuser = placements.superuser("postgres")) {
      Scene.query(
          superuser,
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '%s'"
              .formatted(placements.placeOf(acme).user()));
    }
    assertThat(notes(acme)).hasSize(3);
  }

  private Connection connect(UUID tenant) throws SQLException {
    return sources.forContext(placements.request(tenant)).getConnection();
  }

  private List<String> notes(UUID tenant) throws SQLException {
    try (Connection connection = connect(tenant)) {
      List<String> notes = Scene.query(connection, NOTES);
      connection.commit();
      return notes;
    }
  }
}
