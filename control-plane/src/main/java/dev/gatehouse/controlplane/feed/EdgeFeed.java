package dev.gatehouse.controlplane.feed;

import dev.gatehouse.controlplane.api.GatewayAuthentication;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.secret.Sealer;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.pgclient.PgConnectOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** The feed of one control-plane instance: everything that runs, and the doors to it. */
public final class EdgeFeed implements AutoCloseable {
  private final FeedConfig config;
  private final FeedStore store;
  private final GatewayStore gateways;
  private final ChangeWindow window;
  private final PgGatewayFleet fleet;
  private final QuestionStore questions;
  private final QuestionDesk desk;
  private final Semaphore sessions;
  private final Semaphore snapshots;
  private final EdgeNotifications notifications;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("feed-", 0).factory());

  private EdgeFeed(
      Vertx vertx,
      Database database,
      PgConnectOptions options,
      Sealer masterKey,
      TenantSealers sealers,
      FeedConfig config) {
    this.config = config;
    this.store = new FeedStore(database.pool(), masterKey, sealers);
    this.gateways = new GatewayStore(database, config.lease());
    this.window = new ChangeWindow(config.windowChanges());
    this.fleet = new PgGatewayFleet(gateways);
    this.questions = new QuestionStore(database, masterKey);
    this.desk = new QuestionDesk(questions, gateways);
    this.sessions = new Semaphore(config.maxSessions());
    this.snapshots = new Semaphore(config.concurrentSnapshots());
    ChangeReader reader = new ChangeReader(store, window, config.heartbeat());
    this.notifications =
        EdgeNotifications.listen(vertx, options, reader::wake, fleet::wake, desk::wake);
    threads.execute(reader);
    threads.execute(fleet);
    threads.execute(desk);
  }

  /**
   * Starts to follow the database, whose migrations have run. Blocks until notifications are heard:
   * call it on a virtual thread or outside of Vert.x.
   *
   * @param database the feed takes a connection of it for each snapshot that it reads, and others
   *     for moments
   * @param options of the same database, for the connection that listens
   * @param masterKey opens the private keys and secrets that {@link PgEdgePublisher} sealed
   * @param sealers open those of tenants
   */
  public static EdgeFeed start(
      Vertx vertx,
      Database database,
      PgConnectOptions options,
      Sealer masterKey,
      TenantSealers sealers,
      FeedConfig config) {
    return new EdgeFeed(vertx, database, options, masterKey, sealers, config);
  }

  /** Knows what gateways have applied, whichever instance they told. */
  public GatewayFleet fleet() {
    return fleet;
  }

  /** Asks gateways about requests, whichever instance they follow. */
  public GatewayQuestions questions() {
    return desk;
  }

  /** The job that keeps the tables of the feed small. */
  public FeedHousekeeping housekeeping() {
    return new FeedHousekeeping(store, gateways, questions, config);
  }

  /**
   * The routes for gateways.
   *
   * @param gatewayAuthentication lets only gateways pass
   */
  public FeedRoutes routes(GatewayAuthentication gatewayAuthentication) {
    return new FeedRoutes(this, gateways, questions, gatewayAuthentication);
  }

  /** The routes for operators. */
  public GatewayRoutes gatewayRoutes() {
    return new GatewayRoutes(gateways);
  }

  /**
   * Feeds a gateway from now on, on a thread of its own.
   *
   * @param explains whether it answers questions
   * @param holds whether what it was let in by still does
   * @throws RejectedExecutionException if there are too many, or the feed is closed
   */
  void open(
      String gateway,
      HttpServerResponse response,
      long since,
      boolean explains,
      Callable<Boolean> holds) {
    if (!sessions.tryAcquire()) {
      throw new RejectedExecutionException("too many gateways");
    }
    FeedSession session =
        new FeedSession(gateway, response, store, window, snapshots, config, holds);
    try {
      threads.execute(() -> {
        try {
          if (explains) {
            desk.connected(gateway, session);
          }
          session.feed(since);
        } finally {
          desk.gone(gateway, session);
          sessions.release();
        }
      });
    } catch (RejectedExecutionException e) {
      sessions.release();
      throw e;
    }
  }

  /** How many gateways this instance feeds now. */
  int sessions() {
    return config.maxSessions() - sessions.availablePermits();
  }

  /** Cuts off all gateways of this instance, which then go to another, and stops. */
  @Override
  public void close() {
    threads.shutdownNow();
    notifications.close();
  }
}
