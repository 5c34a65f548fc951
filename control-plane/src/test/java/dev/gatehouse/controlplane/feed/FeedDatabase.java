package dev.gatehouse.controlplane.feed;

import com.google.crypto.tink.Aead;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.Sealer;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** A new database with all migrations, and one who writes to it as the control plane does. */
public final class FeedDatabase implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final String url = MigratedDatabase.freshUrl();
  private final MasterKey masterKey = newMasterKey();
  private final Database database;
  private final EdgePublisher publisher = new PgEdgePublisher(TenantSealers.none(masterKey));

  public FeedDatabase() {
    this.database = Database.open(vertx, DatabaseUrl.parse(url), 20);
  }

  public Vertx vertx() {
    return vertx;
  }

  public Database database() {
    return database;
  }

  public Pool pool() {
    return database.pool();
  }

  public Aead masterKey() {
    return masterKey.aead();
  }

  Sealer sealer() {
    return masterKey;
  }

  public EdgePublisher publisher() {
    return publisher;
  }

  public PgConnectOptions options() {
    return PgConnectOptions.fromUri(url);
  }

  /** Does something in a transaction of its own, committed unless it throws. */
  public <T> T inTransaction(Function<SqlConnection, T> work) {
    return database.inTransaction(work);
  }

  public long upsert(EdgeObject object) {
    return inTransaction(tx -> publisher.upsert(tx, object));
  }

  public long remove(EdgeObject object) {
    return inTransaction(tx -> publisher.remove(tx, object.kind(), object.key()));
  }

  public void execute(String sql, Object... parameters) {
    pool().preparedQuery(sql).execute(Tuple.from(parameters)).await();
  }

  public long queryLong(String sql, Object... parameters) {
    return pool()
        .preparedQuery(sql)
        .execute(Tuple.from(parameters))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  /** A small object; the port tells its versions apart. */
  static EdgeService service(String name, int port) {
    return EdgeService.of(name, List.of(new EdgeService.Endpoint("127.0.0.1", port)));
  }

  private static MasterKey newMasterKey() {
    byte[] key = new byte[MasterKey.LENGTH];
    new java.security.SecureRandom().nextBytes(key);
    return MasterKey.parse(Base64.getEncoder().encodeToString(key));
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
