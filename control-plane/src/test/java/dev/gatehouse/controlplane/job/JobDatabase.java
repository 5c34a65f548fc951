package dev.gatehouse.controlplane.job;

import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A database with a table for the effects of jobs, and instances that run them. */
final class JobDatabase implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final String url;
  private final Database database;
  private final List<JobRunner> runners = new ArrayList<>();

  private JobDatabase(String url) {
    this.url = url;
    this.database = Database.open(vertx, DatabaseUrl.parse(url), 10);
  }

  static JobDatabase fresh() {
    String url = MigratedDatabase.freshUrl();
    JobDatabase created = new JobDatabase(url);
    created.database.withConnection(connection ->
        connection.query("CREATE TABLE effect (job text, instance text)").execute().await());
    return created;
  }

  static JobDatabase at(String url) {
    return new JobDatabase(url);
  }

  /** Leases of two seconds, retries after some milliseconds. */
  static JobConfig quick() {
    return new JobConfig(
        4,
        Duration.ofSeconds(2),
        Duration.ofMillis(100),
        Duration.ofMillis(4),
        Duration.ofMillis(50));
  }

  String url() {
    return url;
  }

  Database database() {
    return database;
  }

  /** Starts one more instance that runs the jobs of one kind. */
  JobRunner run(JobConfig config, InstantSource clock, String kind, JobHandler handler) {
    JobRunner runner =
        JobRunner.start(
            vertx,
            database,
            DatabaseUrl.parse(url).connectOptions(),
            config,
            clock,
            Map.of(kind, handler));
    runners.add(runner);
    return runner;
  }

  void schedule(NewJob job) {
    boolean _ = database.inTransaction(tx -> new JobService().schedule(tx, job));
  }

  static void leaveEffect(SqlConnection tx, Job job, String instance) {
    tx.preparedQuery("INSERT INTO effect VALUES ($1, $2)")
        .execute(Tuple.of(job.key(), instance))
        .await();
  }

  /** The keys of the jobs that took effect, as often as they did. */
  List<String> effects() {
    return texts("SELECT job FROM effect ORDER BY job");
  }

  List<String> texts(String sql) {
    List<String> found = new ArrayList<>();
    for (Row row : database.withConnection(c -> c.query(sql).execute().await())) {
      found.add(String.valueOf(row.getValue(0)));
    }
    return found;
  }

  long openJobs() {
    return texts("SELECT id FROM job").size();
  }

  static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new AssertionError("the test took too long");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    runners.forEach(JobRunner::close);
    vertx.close().await();
  }
}
