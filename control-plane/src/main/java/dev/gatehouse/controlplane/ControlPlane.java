package dev.gatehouse.controlplane;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.access.FirstTokens;
import dev.gatehouse.controlplane.access.TokenService;
import dev.gatehouse.controlplane.acme.CertificateJobs;
import dev.gatehouse.controlplane.analytics.AnalyticsUpkeep;
import dev.gatehouse.controlplane.api.RateLimits;
import dev.gatehouse.controlplane.audit.AuditSchedule;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.audit.CheckpointService;
import dev.gatehouse.controlplane.audit.Refusals;
import dev.gatehouse.controlplane.customerkey.CustomerKeyWatch;
import dev.gatehouse.controlplane.customerkey.CustomerKeys;
import dev.gatehouse.controlplane.database.ApplicationRole;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.database.Migrations;
import dev.gatehouse.controlplane.domain.DomainJobs;
import dev.gatehouse.controlplane.feed.EdgeFeed;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.feed.FeedConfig;
import dev.gatehouse.controlplane.feed.FeedHousekeeping;
import dev.gatehouse.controlplane.feed.PgEdgePublisher;
import dev.gatehouse.controlplane.health.HealthRound;
import dev.gatehouse.controlplane.job.JobConfig;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.job.JobRunner;
import dev.gatehouse.controlplane.job.NewJob;
import dev.gatehouse.controlplane.key.MasterKeyCheck;
import dev.gatehouse.controlplane.key.MasterKeyRotation;
import dev.gatehouse.controlplane.key.Resealing;
import dev.gatehouse.controlplane.key.RolePassword;
import dev.gatehouse.controlplane.key.SigningKeyConfig;
import dev.gatehouse.controlplane.key.SigningKeySchedule;
import dev.gatehouse.controlplane.key.SigningKeyService;
import dev.gatehouse.controlplane.keyset.KeysetSchedule;
import dev.gatehouse.controlplane.keyset.KeysetService;
import dev.gatehouse.controlplane.keyset.TenantSecrets;
import dev.gatehouse.controlplane.observe.ControlPlaneMetrics;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.TenantSealers;
import dev.gatehouse.controlplane.usage.UsageUpkeep;
import dev.gatehouse.controlplane.user.UserService;
import dev.gatehouse.controlplane.user.UserTokenService;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running control plane. */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

  private static final Duration CHECKPOINT_EVERY = Duration.ofHours(1);

  /** Steps of orders of certificates that one instance does at once. */
  private static final int ORDERS_AT_ONCE = 4;

  private static final int DOMAIN_CHECKS_AT_ONCE = 12;

  /** Tenants for whom one instance makes a place at once, each with a connection to a partition. */
  private static final int PLACEMENTS_AT_ONCE = 4;

  /** Longer than all that one job does in partitions in one run. */
  private static final Duration MIGRATION_LEASE = Duration.ofMinutes(5);

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
    Vertx vertx = Vertx.vertx();
    running.push(() -> vertx.close().await());
    MasterKey masterKey = config.openMasterKey(vertx);
    DatabaseUrl url = migrate(config.database(), masterKey);
    Database database = Database.open(vertx, url, config.database().poolSize());
    AuditService audit = new AuditService();
    TokenService tokens = new TokenService(database, InstantSource.system());
    running.push(tokens::close);
    UserTokenService userTokens =
        new UserTokenService(new UserService(), database, InstantSource.system());
    running.push(userTokens::close);
    firstTokens =
        tokens.bootstrap(
            config.bootstrap().flatMap(ControlPlaneConfig.Bootstrap::operator),
            config.bootstrap().flatMap(ControlPlaneConfig.Bootstrap::gateway));
    Refusals refusals = new Refusals();
    CheckpointService checkpoints =
        new CheckpointService(masterKey, CHECKPOINT_EVERY, InstantSource.system());
    running.push(AuditSchedule.start(audit, refusals, checkpoints, tokens::names, database)::close);

    CustomerKeys customerKeys =
        CustomerKeys.open(vertx, config.domains(), masterKey, config.keysets().holdFor());
    running.push(customerKeys::close);
    customerKeys.askAll(database);
    KeysetService keysets =
        new KeysetService(masterKey, customerKeys, config.keysets(), InstantSource.system());
    TenantSealers sealers = new TenantSecrets(keysets, masterKey);
    EdgePublisher publisher = new PgEdgePublisher(sealers);
    EdgeFeed feed =
        EdgeFeed.start(
            vertx, database, url.connectOptions(), masterKey, sealers, FeedConfig.defaults());
    running.push(feed::close);
    SigningKeyConfig keyConfig = config.signingKeys();
    SigningKeyService signingKeys =
        new SigningKeyService(publisher, masterKey.aead(), keyConfig, InstantSource.system());
    SigningKeySchedule keySchedule =
        new SigningKeySchedule(signingKeys, audit, keyConfig.checkEvery());
    database.runInTransaction(keySchedule::maintain);
    Services services =
        Services.of(config, masterKey, keysets, customerKeys, sealers, database, publisher, audit);
    services.keysets().enforceTombstones(database, services.tenants());
    CustomerKeyWatch watch =
        CustomerKeyWatch.start(
            services.customerKeys(),
            customerKeys,
            keysets,
            database,
            audit,
            config.keysets().askEvery(),
            config.keysets().holdFor());
    running.push(watch::close);
    DomainJobs domainJobs =
        DomainJobs.start(
            vertx, database, services.domains(), services.tenants(), audit, config.domains());
    running.push(domainJobs::close);
    KeysetSchedule keysetSchedule =
        new KeysetSchedule(
            keysets,
            new Resealing(masterKey, sealers),
            audit,
            config.keysets().checkEvery(),
            InstantSource.system());
    Map<String, JobHandler> upkeep =
        Map.of(
            AnalyticsUpkeep.KIND,
            new AnalyticsUpkeep(database, audit, InstantSource.system()),
            SigningKeySchedule.KIND,
            keySchedule,
            KeysetSchedule.KIND,
            keysetSchedule,
            MasterKeyRotation.KIND,
            new MasterKeyRotation(masterKey, sealers, audit),
            FeedHousekeeping.KIND,
            feed.housekeeping(),
            UsageUpkeep.KIND,
            new UsageUpkeep(database, config.usage(), InstantSource.system()),
            HealthRound.KIND,
            new HealthRound(
                config.keysets().rotateEvery(), database, audit, InstantSource.system()));
    startJobs(vertx, database, url, feed, services, domainJobs, upkeep);
    Map<String, JobHandler> certificateJobs =
        CertificateJobs.handlers(
            config.acme(),
            masterKey,
            sealers,
            database,
            services.certificates(),
            services.domains(),
            services.tenants(),
            publisher,
            feed.fleet(),
            services.jobs(),
            audit);
    CertificateJobs.begin(config.acme(), database, services.jobs());
    JobConfig forOrders = JobConfig.defaults().withConcurrency(ORDERS_AT_ONCE);
    startJobs(vertx, database, url, forOrders, certificateJobs);

    RateLimits limits = new RateLimits(config.rates());
    ControlPlaneMetrics metrics =
        new ControlPlaneMetrics(database, services.health(), InstantSource.system());
    running.push(metrics::close);
    vertx
        .deployVerticle(
            () ->
                new ControlPlaneVerticle(
                    config,
                    masterKey,
                    database,
                    tokens,
                    userTokens,
                    services,
                    feed,
                    signingKeys,
                    limits,
                    refusals,
                    checkpoints,
                    metrics,
                    port),
            new DeploymentOptions()
                .setThreadingModel(ThreadingModel.VIRTUAL_THREAD)
                .setInstances(Runtime.getRuntime().availableProcessors()))
        .await();
    database.runInTransaction(tx -> recordStart(tx, audit));
    LOG.info("control plane listens on http://{}:{}", config.http().host(), port.get());
  }

  /** Requests are not served by the owner of the tables. Returns how to connect for them. */
  private static DatabaseUrl migrate(
      ControlPlaneConfig.DatabaseConfig database, MasterKey masterKey) {
    DatabaseUrl url = DatabaseUrl.parse(database.url());
    DatabaseUrl owner = database.ownerUrl().map(DatabaseUrl::parse).orElse(url);
    Migrations.apply(owner);
    MasterKeyCheck.require(masterKey, owner);
    if (database.ownerUrl().isPresent()) {
      ApplicationRole.grant(owner, url);
      return url;
    }
    return ApplicationRole.of(owner, RolePassword.of(masterKey, owner));
  }

  private void recordStart(SqlConnection tx, AuditService audit) {
    JsonObject start = JsonObject.of("port", port.get(), "firstStart", firstTokens.isPresent());
    audit.system(
        tx, AuditChain.PLATFORM, "control-plane.start", "", Optional.empty(), Optional.of(start));
  }

  /**
   * Starts to do what is due; some jobs never end, and there is one of each for all instances. What
   * asks other people's servers has places of its own: they may take their time, and nothing else
   * waits for them.
   */
  private void startJobs(
      Vertx vertx,
      Database database,
      DatabaseUrl url,
      EdgeFeed feed,
      Services services,
      DomainJobs domainJobs,
      Map<String, JobHandler> upkeep) {
    database.runInTransaction(tx ->
        upkeep
            .keySet()
            .forEach(kind -> services.jobs().schedule(tx, NewJob.of(kind, "", Instant.now()))));
    Map<String, JobHandler> handlers = new HashMap<>(upkeep);
    handlers.putAll(services.handlers(database, feed.fleet()));
    startJobs(vertx, database, url, JobConfig.defaults(), handlers);
    JobConfig forDomains = JobConfig.defaults().withConcurrency(DOMAIN_CHECKS_AT_ONCE);
    startJobs(vertx, database, url, forDomains, domainJobs.handlers());
    JobConfig forPartitions =
        JobConfig.defaults().withConcurrency(PLACEMENTS_AT_ONCE).withLease(MIGRATION_LEASE);
    startJobs(vertx, database, url, forPartitions, services.partitionHandlers(database));
  }

  private void startJobs(
      Vertx vertx,
      Database database,
      DatabaseUrl url,
      JobConfig config,
      Map<String, JobHandler> handlers) {
    PgConnectOptions options = url.connectOptions();
    JobRunner runner =
        JobRunner.start(vertx, database, options, config, InstantSource.system(), handlers);
    running.push(runner::close);
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
