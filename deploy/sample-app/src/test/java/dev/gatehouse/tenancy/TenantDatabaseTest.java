package dev.gatehouse.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.database.PoolSettings;
import dev.gatehouse.contract.database.TenantDatabase;
import dev.gatehouse.contract.database.TenantDatabaseException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications on Vert.x: the same code wherever a tenant's data are. */
@Timeout(120)
@ParameterizedClass
@CsvSource({"SHARED,V18", "SCHEMA,V18", "DATABASE,V18", "SHARED,V15", "SCHEMA,V15"})
class TenantDatabaseTest {
  private static final String NOTES = "SELECT text FROM note ORDER BY text";
  private static final PoolSettings ONE = PoolSettings.defaults().withConnections(1, 1, 1);

  private final Vertx vertx = Vertx.vertx();
  private final Placements placements;
  private final UUID acme;
  private final UUID globex;
  private TenantDatabase database;

  TenantDatabaseTest(IsolationStrategy strategy, Postgres postgres) throws Exception {
    placements = new Placements(strategy, postgres);
    acme = placements.tenant("acme");
    globex = placements.tenant("globex");
  }

  @BeforeEach
  void open() {
    database = new TenantDatabase(vertx, placements.source(), ONE);
  }

  @AfterEach
  void close() {
    database.close();
    placements.close();
    vertx.close().await();
  }

  @Test
  void showsAndTakesWhatIsTheTenants() throws Exception {
    assertThat(notes(acme)).containsExactly("acme 1", "acme 2", "acme 3");
    inTransaction(acme, add(4, "acme 4"));
    assertThat(notes(acme)).hasSize(4);
    assertThat(notes(globex)).containsExactly("globex 1", "globex 2", "globex 3");
  }

  @Test
  void tenantsTakeTurnsOnOneConnection() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(notes(acme)).containsExactly("acme 1", "acme 2", "acme 3");
      assertThat(notes(globex)).containsExactly("globex 1", "globex 2", "globex 3");
      assertThat(database.usage().connections()).isEqualTo(1);
    }
  }

  @Test
  void takesBackWhatFailedInTheMiddle() throws Exception {
    IllegalStateException mine = new IllegalStateException("mine");
    assertThatThrownBy(() ->
            inTransaction(
                acme,
                connection ->
                    add(4, "x")
                        .apply(connection)
                        .map(_ -> {
                          throw mine;
                        })))
        .isSameAs(mine);
    assertThatThrownBy(() ->
            inTransaction(
                acme,
                _ -> {
                  throw mine;
                }))
        .isSameAs(mine);

    assertThat(notes(acme)).hasSize(3);
  }

  @Test
  void saysThatAnErrorWasPassedOver() throws Exception {
    assertThatThrownBy(() ->
            inTransaction(
                acme,
                connection ->
                    add(4, "x")
                        .apply(connection)
                        .compose(_ -> connection.query("SELECT 1 / 0").execute())
                        .otherwiseEmpty()))
        .isInstanceOf(TenantDatabaseException.Broken.class)
        .hasRootCauseInstanceOf(PgException.class)
        .hasStackTraceContaining("division by zero");

    assertThat(notes(acme)).hasSize(3);
  }

  @Test
  void goesOnAfterASavepoint() throws Exception {
    inTransaction(
        acme,
        connection ->
            connection
                .query("SAVEPOINT before")
                .execute()
                .compose(_ -> connection.query("SELECT 1 / 0").execute())
                .recover(_ -> connection.query("ROLLBACK TO before").execute())
                .compose(_ -> add(4, "acme 4").apply(connection)));

    assertThat(notes(acme)).hasSize(4);
  }

  @Test
  void whoCommitsItselfHasNoTenantAnyMore() throws Exception {
    assertThatThrownBy(() ->
            inTransaction(
                acme,
                connection ->
                    connection
                        .query("COMMIT")
                        .execute()
                        .compose(_ -> connection.query(NOTES).execute())))
        .hasMessageContaining("no tenant was entered");
    assertThatThrownBy(
            () -> inTransaction(acme, connection -> connection.query("COMMIT").execute()))
        .isInstanceOf(TenantDatabaseException.Broken.class);
    assertThatThrownBy(
            () -> inTransaction(acme, connection -> connection.query("COMMIT; BEGIN").execute()))
        .isInstanceOf(TenantDatabaseException.Broken.class);

    assertThat(notes(globex)).containsExactly("globex 1", "globex 2", "globex 3");
  }

  @Test
  void nothingIsSentWhenTheTransactionIsOver() throws Exception {
    AtomicReference<SqlConnection> kept = new AtomicReference<>();
    inTransaction(
        acme,
        connection -> {
          kept.set(connection);
          return Future.succeededFuture();
        });

    assertThatThrownBy(() -> await(kept.get().query(NOTES).execute()))
        .hasMessageContaining("the transaction is over");
    assertThatThrownBy(() -> await(kept.get().prepare(NOTES)))
        .hasMessageContaining("the transaction is over");
  }

  @Test
  void anApplicationCannotBeginOrCloseIt() throws Exception {
    assertThatThrownBy(() -> inTransaction(acme, SqlConnection::begin))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> inTransaction(acme, SqlConnection::close))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void readsWithACursor() throws Exception {
    List<String> texts = new ArrayList<>();
    inTransaction(
        acme,
        connection ->
            connection
                .prepare("SELECT text FROM note WHERE id > $1 ORDER BY 1")
                .compose(statement -> {
                  Cursor cursor = statement.cursor(Tuple.of(1));
                  return cursor
                      .read(1)
                      .compose(rows -> {
                        texts.addAll(strings(rows));
                        return cursor.read(5);
                      });
                })
                .onSuccess(rows -> texts.addAll(strings(rows))));

    assertThat(texts).containsExactly("acme 2", "acme 3");
    assertThat(notes(globex)).hasSize(3);
  }

  @Test
  void refusesATokenThatHasEnded() throws Exception {
    SignedContext late = placements.request(acme, Instant.now().minusSeconds(1));
    assertThatThrownBy(() -> await(database.inTransaction(late, query(NOTES))))
        .isInstanceOf(TenantDatabaseException.NotEntered.class)
        .hasMessageContaining("the token ended at");

    assertThat(notes(acme)).hasSize(3);
    assertThat(database.usage().connections()).isEqualTo(1);
  }

  @Test
  void refusesAContextWithoutADatabase() {
    assertThatThrownBy(() ->
            await(database.inTransaction(placements.request(acme, Optional.empty()), query(NOTES))))
        .isInstanceOf(TenantDatabaseException.NoDatabase.class);
    assertThat(placements.questions).hasValue(0);
  }

  @Test
  void endsWhatTakesTooLong() throws Exception {
    notes(acme);
    try (TenantDatabase impatient =
        new TenantDatabase(
            vertx, placements.source(), ONE.withTransaction(Duration.ofMillis(300)))) {
      assertThatThrownBy(() ->
              await(
                  impatient.inTransaction(placements.request(acme), query("SELECT pg_sleep(60)"))))
          .isInstanceOf(TenantDatabaseException.Broken.class)
          .hasMessageContaining("longer than");
      assertThatThrownBy(() ->
              await(
                  impatient.inTransaction(
                      placements.request(acme),
                      connection ->
                          add(9, "x")
                              .apply(connection)
                              .compose(_ -> Future.<Void>future(_ -> {})))))
          .isInstanceOf(TenantDatabaseException.Broken.class);
      assertThat(await(impatient.inTransaction(placements.request(acme), this::notesOf)))
          .hasSize(3);
    }
  }

  @Test
  void boundsWhoWaits() throws Exception {
    try (TenantDatabase small =
        new TenantDatabase(
            vertx, placements.source(), ONE.withWaiting(2, 2, Duration.ofMillis(400)))) {
      AtomicReference<Runnable> release = new AtomicReference<>();
      Future<Void> first =
          small.inTransaction(
              placements.request(acme),
              _ -> Future.future(promise -> release.set(promise::complete)));
      while (release.get() == null) {
        Thread.onSpinWait();
      }
      Future<List<String>> second = small.inTransaction(placements.request(acme), this::notesOf);
      Future<List<String>> third = small.inTransaction(placements.request(globex), this::notesOf);
      while (small.usage().waiting() < 2) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(() -> await(small.inTransaction(placements.request(acme), this::notesOf)))
          .isInstanceOf(TenantDatabaseException.Busy.class)
          .hasMessageContaining("too many wait");
      assertThatThrownBy(() -> await(third))
          .isInstanceOf(TenantDatabaseException.Busy.class)
          .hasMessageContaining("in time");
      assertThatThrownBy(() -> await(second)).isInstanceOf(TenantDatabaseException.Busy.class);
      release.get().run();
      await(first);
      assertThat(await(small.inTransaction(placements.request(globex), this::notesOf))).hasSize(3);
    }
  }

  @Test
  void readsOnlyWhereAskedTo() throws Exception {
    SignedContext request = placements.request(acme);
    assertThat(await(database.readOnly(request, this::notesOf))).hasSize(3);
    assertThatThrownBy(() -> await(database.readOnly(request, add(4, "x"))))
        .hasMessageContaining("read-only transaction");
    inTransaction(acme, add(4, "acme 4"));
  }

  @Test
  void choosesTheIsolationLevel() throws Exception {
    String level =
        await(
            database.inTransaction(
                placements.request(acme),
                TenantDatabase.Isolation.SERIALIZABLE,
                connection ->
                    connection
                        .query("SHOW transaction_isolation")
                        .execute()
                        .map(rows -> rows.iterator().next().getString(0))));
    assertThat(level).isEqualTo("serializable");
  }

  @Test
  void goesOnWhenTheServerHasEndedIdleConnections() throws Exception {
    Set<Integer> backends = new HashSet<>(List.of(backend(acme)));
    try (var superuser = placements.superuser("postgres")) {
      Scene.query(
          superuser,
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '%s'"
              .formatted(placements.placeOf(acme).user()));
    }
    backends.add(backend(acme));
    assertThat(backends).hasSize(2);
  }

  private int backend(UUID tenant) throws Exception {
    return await(
        database.inTransaction(
            placements.request(tenant),
            connection ->
                connection
                    .query("SELECT pg_backend_pid()")
                    .execute()
                    .map(rows -> rows.iterator().next().getInteger(0))));
  }

  private List<String> notes(UUID tenant) throws Exception {
    return await(database.inTransaction(placements.request(tenant), this::notesOf));
  }

  private Future<List<String>> notesOf(SqlConnection connection) {
    return connection.query(NOTES).execute().map(TenantDatabaseTest::strings);
  }

  private static List<String> strings(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getString(0)).toList();
  }

  private static Function<SqlConnection, Future<RowSet<Row>>> add(int id, String text) {
    return connection ->
        connection
            .preparedQuery("INSERT INTO note (id, text) VALUES ($1, $2)")
            .execute(Tuple.of(id, text));
  }

  private static Function<SqlConnection, Future<RowSet<Row>>> query(String sql) {
    return connection -> connection.query(sql).execute();
  }

  private <T> T inTransaction(UUID tenant, Function<SqlConnection, Future<T>> work)
      throws Exception {
    return await(database.inTransaction(placements.request(tenant), work));
  }

  private static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
