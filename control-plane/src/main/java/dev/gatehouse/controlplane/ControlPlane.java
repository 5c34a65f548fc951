package dev.gatehouse.controlplane;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.controlplane.access.ApiKeyService;
import dev.gatehouse.controlplane.access.FirstTokens;
import dev.gatehouse.controlplane.access.TokenService;
import dev.gatehouse.controlplane.api.ApiDocument;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.database.Migrations;
import dev.gatehouse.controlplane.domain.DomainJobs;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.feed.EdgeFeed;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.feed.FeedConfig;
import dev.gatehouse.controlplane.feed.FeedHousekeeping;
import dev.gatehouse.controlplane.feed.PgEdgePublisher;
import dev.gatehouse.controlplane.job.JobConfig;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.job.JobRunner;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.NewJob;
import dev.gatehouse.controlplane.key.SigningKeyConfig;
import dev.gatehouse.controlplane.key.SigningKeySchedule;
import dev.gatehouse.controlplane.key.SigningKeyService;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.service.CatalogService;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running control plane. */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

  /** What runs, the last started first. */
  private final Deque<Runnable> running = new ArrayDeque<>();

  private final AtomicInteger port = new AtomicInteger();
  private Optional<FirstTokens> firstTokens = Optional.empty();

  private ControlPlane() {}

  /**
   * Migrates the database and starts to listen. Blocks until requests are answered.
   *
   * @throws RuntimeException if the database cannot be reached or the port is taken; nothing is
   *     left running then
   */
  public static ControlPlane start(ControlPlaneConfig config) {
    ControlPlane controlPlane = new ControlPlane();
    try {
      controlPlane.open(config);
      return controlPlane;
    } catch (RuntimeException e) {
      controlPlane.close();
      throw e;
    }
  }

  private void open(ControlPlaneConfig config) {
    DatabaseUrl url = DatabaseUrl.parse(config.database().url());
    Migrations.apply(url);
    Vertx vertx = Vertx.vertx();
    running.push(() -> vertx.close().await());
    Database database = Database.open(vertx, url, config.database().poolSize());
    MasterKey masterKey = MasterKey.parse(config.masterKey());
    TokenService tokens = new TokenService(database);
    firstTokens =
        tokens.bootstrap(
            config.bootstrap().flatMap(ControlPlaneConfig.Bootstrap::operator),
            config.bootstrap().flatMap(ControlPlaneConfig.Bootstrap::gateway));

    EdgePublisher publisher = new PgEdgePublisher(masterKey.aead());
    EdgeFeed feed =
        EdgeFeed.start(
            vertx, database, url.connectOptions(), masterKey.aead(), FeedConfig.defaults());
    running.push(feed::close);
    SigningKeyConfig keyConfig = SigningKeyConfig.defaults();
    SigningKeyService signingKeys =
        new SigningKeyService(publisher, masterKey.aead(), keyConfig, InstantSource.system());
    database.runInTransaction(signingKeys::maintain);
    DomainJobs domainJobs = domainJobs(vertx, database, publisher, config);
    running.push(domainJobs::close);
    Map<String, JobHandler> handlers = new HashMap<>(domainJobs.handlers());
    handlers.put(
        SigningKeySchedule.KIND, new SigningKeySchedule(signingKeys, keyConfig.checkEvery()));
    handlers.put(FeedHousekeeping.KIND, feed.housekeeping());
    database.runInTransaction(ControlPlane::scheduleUpkeep);
    running.push(
        JobRunner.start(
                vertx,
                database,
                url.connectOptions(),
                JobConfig.defaults(),
                InstantSource.system(),
                handlers)
            ::close);

    vertx
        .deployVerticle(
            () ->
                new ControlPlaneVerticle(
                    config, masterKey, database, tokens, publisher, feed, signingKeys, port),
            new DeploymentOptions()
                .setThreadingModel(ThreadingModel.VIRTUAL_THREAD)
                .setInstances(Runtime.getRuntime().availableProcessors()))
        .await();
    LOG.info("control plane listens on http://{}:{}", config.http().host(), port.get());
  }

  private static DomainJobs domainJobs(
      Vertx vertx, Database database, EdgePublisher publisher, ControlPlaneConfig config) {
    InstantSource clock = InstantSource.system();
    DomainService domains =
        new DomainService(
            Hostname.parse(config.baseDomain()), config.domains(), new JobService(), clock);
    TenantService tenants =
        new TenantService(
            domains,
            new ApiKeyService(publisher),
            new CatalogService(publisher),
            new PlanService(ControlPlaneVerticle.platformDefaults(ApiDocument.load()), publisher),
            publisher);
    return DomainJobs.start(vertx, database, domains, tenants, config.domains(), clock);
  }

  /** Jobs that never end: one of each, whichever instance was first. */
  private static void scheduleUpkeep(SqlConnection tx) {
    JobService jobs = new JobService();
    for (String kind : List.of(SigningKeySchedule.KIND, FeedHousekeeping.KIND)) {
      jobs.schedule(tx, NewJob.of(kind, "", Instant.now()));
    }
  }

  /** The port that it listens on. */
  public int port() {
    return port.get();
  }

  /** The tokens made by this start, if it was the very first on its database. */
  public Optional<FirstTokens> firstTokens() {
    return firstTokens;
  }

  /** Stops listening, lets go of the gateways and closes all connections. Blocks until done. */
  @Override
  public void close() {
    while (!running.isEmpty()) {
      running.pop().run();
    }
  }
}
