package dev.gatehouse.controlplane.job;

import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jobs that are due and runs them, a bounded number at once, until it is closed: when it is
 * woken by a notification, when a job ends, and at intervals in case that a notification was lost.
 */
public final class JobRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
  private static final long LONGEST_RECONNECT_MILLIS = 2_000;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Database database;
  private final JobConfig config;
  private final InstantSource clock;
  private final Map<String, JobHandler> handlers;
  private final JobStore store = new JobStore();
  private final JobRun jobRun;
  private final Semaphore slots;
  private final Semaphore hints = new Semaphore(1);
  private final PgSubscriber subscriber;
  private final Thread taker = Thread.ofVirtual().name("jobs").unstarted(this::takeUntilClosed);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("job-", 0).factory());
  private volatile boolean closed;
  private boolean failing;

  private JobRunner(
      Vertx vertx,
      Database database,
      PgConnectOptions options,
      JobConfig config,
      InstantSource clock,
      Map<String, JobHandler> handlers) {
    this.database = database;
    this.config = config;
    this.clock = clock;
    this.handlers = Map.copyOf(handlers);
    this.jobRun = new JobRun(database, store, config, clock);
    this.slots = new Semaphore(config.concurrency());
    this.subscriber =
        PgSubscriber.subscriber(vertx, options)
            .reconnectPolicy(
                retries -> Math.min(50L << Math.min(retries, 10), LONGEST_RECONNECT_MILLIS));
  }

  /**
   * Starts to take jobs. Blocks until notifications are heard: call it on a virtual thread or
   * outside of Vert.x.
   *
   * @param options of the same database, for the connection that listens
   * @param clock decides what is due
   * @param handlers by the kinds of jobs that they do; jobs of other kinds are left alone
   */
  public static JobRunner start(
      Vertx vertx,
      Database database,
      PgConnectOptions options,
      JobConfig config,
      InstantSource clock,
      Map<String, JobHandler> handlers) {
    JobRunner runner = new JobRunner(vertx, database, options, config, clock, handlers);
    runner
        .subscriber
        .channel("job_due")
        .subscribeHandler(_ -> runner.wake())
        .handler(_ -> runner.wake());
    runner.subscriber.connect().await();
    runner.taker.start();
    return runner;
  }

  /** Something may be due. Returns at once; any thread. */
  private void wake() {
    hints.release();
  }

  private void takeUntilClosed() {
    try {
      while (!closed) {
        boolean _ = hints.tryAcquire(config.poll().toNanos(), TimeUnit.NANOSECONDS);
        hints.drainPermits();
        tryToTake();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryToTake() throws InterruptedException {
    int free = slots.availablePermits();
    if (closed || free == 0) {
      return; // The end of a job wakes.
    }
    try {
      List<JobStore.Leased> taken =
          database.withConnection(connection ->
              store.take(connection, clock.instant(), handlers.keySet(), free, config.lease()));
      slots.acquire(taken.size());
      taken.forEach(this::run);
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        failing = true;
        LOG.warn("jobs wait until the database answers", e);
      }
    }
  }

  private void run(JobStore.Leased leased) {
    JobHandler handler = Objects.requireNonNull(handlers.get(leased.job().kind()));
    threads.execute(() -> {
      try {
        jobRun.run(leased, handler);
      } finally {
        slots.release();
        wake();
      }
    });
  }

  /**
   * Takes no more jobs, and waits a moment for those that run. What has not ended then is another
   * instance's when the lease ends.
   */
  @Override
  public void close() {
    closed = true;
    wake();
    subscriber.close().await();
    try {
      taker.join();
      threads.shutdown();
      if (!threads.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException _) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
