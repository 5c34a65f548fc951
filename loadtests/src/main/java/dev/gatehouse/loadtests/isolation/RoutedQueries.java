package dev.gatehouse.loadtests.isolation;

import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.ConnectionDetails;
import dev.gatehouse.contract.database.DatabaseAccess;
import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.contract.database.FixedConnections;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.database.PoolSettings;
import dev.gatehouse.contract.database.TenantDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Transactions of many tenants with one query each, by a pool of one's own or TenantDatabase. */
final class RoutedQueries implements AutoCloseable {
  private static final String PARTITION = "loadtest";
  private static final String ROLE = "application";
  private static final int CONNECTIONS = 16;

  /** Who begins and ends a transaction. */
  enum Kind {
    /** The application, with a setting that a policy believes. */
    BY_HAND("a pool, BEGIN, set_config, COMMIT", "trusted"),
    /** The application, with a token that the database verifies. */
    BY_HAND_VERIFIED("a pool, BEGIN, tenancy.enter, COMMIT", "verified"),
    /** TenantDatabase. */
    ROUTED("TenantDatabase", "verified");

    final String words;
    private final String table;

    Kind(String words, String table) {
      this.words = words;
      this.table = table;
    }

    private String query() {
      return "SELECT text FROM public." + table + " WHERE id = $1";
    }
  }

  private final Pool pool;
  private final TenantDatabase database;
  private final DatabaseTokenKey key;
  private final AtomicInteger turn = new AtomicInteger();

  RoutedQueries(Vertx vertx, int port, String name, DatabaseTokenKey key) {
    this.key = key;
    this.pool =
        PgBuilder.pool()
            .using(vertx)
            .with(new PoolOptions().setMaxSize(CONNECTIONS))
            .connectingTo(
                new PgConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(port)
                    .setDatabase(name)
                    .setUser(ROLE)
                    .setPassword(ROLE)
                    .setCachePreparedStatements(true))
            .build();
    ConnectionDetails details =
        new ConnectionDetails(
            PARTITION,
            IsolationStrategy.SHARED,
            "127.0.0.1",
            port,
            name,
            ROLE,
            ROLE,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    this.database =
        new TenantDatabase(
            vertx,
            new FixedConnections(Map.of(PARTITION, details)),
            PoolSettings.defaults().withConnections(CONNECTIONS, CONNECTIONS, 1));
  }

  /** Does so many by so many clients; how long each took of the clients' time, in microseconds. */
  double run(Kind kind, int clients, int count) {
    List<SignedContext> requests = requests();
    AtomicInteger left = new AtomicInteger(count);
    long begin = System.nanoTime();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      Promise<Void> done = Promise.promise();
      all.add(done.future());
      next(kind, requests, left, done);
    }
    Future.all(all).await();
    return (System.nanoTime() - begin) / 1e3 / count * clients;
  }

  private List<SignedContext> requests() {
    Instant now = Instant.now();
    Instant ends = now.plus(Duration.ofMinutes(5));
    List<SignedContext> requests = new ArrayList<>();
    for (int i = 0; i < Transactions.TENANTS; i++) {
      DatabaseAccess access =
          new DatabaseAccess(
              PARTITION, IsolationStrategy.SHARED, key.mint(Transactions.tenant(i), ends));
      requests.add(
          new SignedContext(
              new TenantContext(
                  Transactions.tenant(i),
                  "tenant",
                  "ada",
                  Set.of(),
                  Set.of(),
                  "api-key",
                  "loadtest",
                  now,
                  ends,
                  Optional.of(access)),
              ""));
    }
    return requests;
  }

  private void next(
      Kind kind, List<SignedContext> requests, AtomicInteger left, Promise<Void> done) {
    if (left.getAndDecrement() <= 0) {
      done.complete();
      return;
    }
    int number = turn.getAndIncrement() & 0xffffff;
    SignedContext request = requests.get(number % requests.size());
    Tuple id = Tuple.of(1 + number * 31 % Transactions.ROWS);
    one(kind, request, id)
        .onSuccess(rows -> {
          if (rows.size() == 1) {
            next(kind, requests, left, done);
          } else {
            done.fail("a tenant must see one row under each id");
          }
        })
        .onFailure(done::fail);
  }

  private Future<RowSet<Row>> one(Kind kind, SignedContext request, Tuple id) {
    DatabaseAccess access = request.context().database().orElseThrow();
    return switch (kind) {
      case BY_HAND ->
          pool.withTransaction(connection ->
              connection
                  .preparedQuery("SELECT set_config('app.tenant', $1, true)")
                  .execute(Tuple.of(request.context().tenantId().toString()))
                  .compose(_ -> read(kind, connection, id)));
      case BY_HAND_VERIFIED ->
          pool.withTransaction(connection ->
              connection
                  .preparedQuery("SELECT tenancy.enter($1)")
                  .execute(Tuple.of(access.token()))
                  .compose(_ -> read(kind, connection, id)));
      case ROUTED -> database.inTransaction(request, connection -> read(kind, connection, id));
    };
  }

  private static Future<RowSet<Row>> read(Kind kind, SqlClient connection, Tuple id) {
    return connection.preparedQuery(kind.query()).execute(id);
  }

  @Override
  public void close() {
    database.close();
    pool.close().await();
  }
}
