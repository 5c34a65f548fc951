package dev.gatehouse.gateway;

import dev.gatehouse.contract.BuildVersion;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.GatewayConfig.SnapshotConfig;
import dev.gatehouse.gateway.GatewayVerticle.Ports;
import dev.gatehouse.gateway.admin.AdminServer;
import dev.gatehouse.gateway.codec.StrictTransport;
import dev.gatehouse.gateway.connect.ConnectionGate;
import dev.gatehouse.gateway.directory.ControlPlaneClient;
import dev.gatehouse.gateway.directory.FeedClient;
import dev.gatehouse.gateway.directory.KeyUseReporter;
import dev.gatehouse.gateway.directory.KeyUses;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.SnapshotFile;
import dev.gatehouse.gateway.directory.SnapshotKeeper;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.drain.Drain;
import dev.gatehouse.gateway.drain.DrainConfig;
import dev.gatehouse.gateway.exfiltration.ExfiltrationGuard;
import dev.gatehouse.gateway.explain.ExplainHandler;
import dev.gatehouse.gateway.explain.Explainer;
import dev.gatehouse.gateway.explain.QuestionAnswerer;
import dev.gatehouse.gateway.forward.DryRun;
import dev.gatehouse.gateway.forward.ForwardMeters;
import dev.gatehouse.gateway.forward.Shared;
import dev.gatehouse.gateway.limit.MonthlyQuota;
import dev.gatehouse.gateway.limit.RateLimiter;
import dev.gatehouse.gateway.observe.LoopLag;
import dev.gatehouse.gateway.observe.Telemetry;
import dev.gatehouse.gateway.observe.TenantSeries;
import dev.gatehouse.gateway.observe.tail.TailHandler;
import dev.gatehouse.gateway.residency.Entrance;
import dev.gatehouse.gateway.residency.RegionalGateways;
import dev.gatehouse.gateway.security.ProbingGuard;
import dev.gatehouse.gateway.security.SecurityEvents;
import dev.gatehouse.gateway.security.SecurityReporter;
import dev.gatehouse.gateway.share.AdaptiveLimits;
import dev.gatehouse.gateway.share.ServiceBreakers;
import dev.gatehouse.gateway.share.ShareMeters;
import dev.gatehouse.gateway.tls.CertificateView;
import dev.gatehouse.gateway.tls.ServerTls;
import dev.gatehouse.gateway.upstream.EndpointReporter;
import dev.gatehouse.gateway.upstream.Upstreams;
import dev.gatehouse.gateway.usage.SharedQuotas;
import dev.gatehouse.gateway.usage.UsageMeter;
import dev.gatehouse.gateway.usage.UsageReporter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway. Requests have event loops of their own; the feed, the shared limits and the
 * admin port live on another, so that neither delays the other.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final long SWEEP_MILLIS = 5000;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  /** Long enough for every connection in use to get a response that says that it ends. */
  private static final long LEAVE_MILLIS = 1000;

  private final GatewayConfig config;
  private final InstantSource clock;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private static final Duration REPORT_KEY_USES_EVERY = Duration.ofSeconds(5);

  private final CountDownLatch ready = new CountDownLatch(1);
  private final Ports ports = new Ports();
  private final Drain drain;
  private final ConnectionGate gate;
  private final ProbingGuard probing;
  private final SecurityEvents security;
  private final ExfiltrationGuard exfiltration;
  private final UsageMeter usage = new UsageMeter();
  private final Vertx requests;
  private final Vertx background;
  private @Nullable RateLimiter limiter;
  private @Nullable Upstreams upstreams;
  private @Nullable Identity identity;
  private @Nullable FeedClient feed;
  private @Nullable ControlPlaneClient controlPlane;
  private @Nullable KeyUseReporter keyUseReporter;
  private @Nullable SnapshotKeeper snapshot;
  private @Nullable SecurityReporter reporter;
  private @Nullable UsageReporter usageReporter;
  private @Nullable Telemetry telemetry;
  private int adminPort;

  private Gateway(GatewayConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    this.drain = new Drain(config.drain());
    this.gate =
        new ConnectionGate(
            config.admit().connections(),
            config.admit().headTimeout(),
            trustedProxies(config),
            System::nanoTime,
            metrics);
    this.probing = new ProbingGuard(config.security().probing(), System::nanoTime, metrics);
    this.security = new SecurityEvents(config.security(), config.resolve().trustTenantHeader());
    this.exfiltration =
        new ExfiltrationGuard(
            config.security().exfiltration(),
            System::nanoTime,
            InstantSource.system(),
            security::unusual,
            metrics);
    this.requests =
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(eventLoops()))
            .withTransport(
                StrictTransport.of(config.transport().orElse(SocketTransport.AUTO).resolve(), gate))
            .build();
    this.background =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2));
  }

  /**
   * Starts a gateway and returns when it listens. It serves as soon as it knows the tenants, from
   * its snapshot or from the control plane (see {@link #awaitReady}). Blocks: not for an event
   * loop.
   *
   * @throws GatewayStartException if it cannot start, such as for a port in use
   */
  public static Gateway start(GatewayConfig config) {
    return start(config, InstantSource.system());
  }

  /**
   * The same, by another clock.
   *
   * @param clock tells until when credentials, sessions and logins hold
   */
  public static Gateway start(GatewayConfig config, InstantSource clock) {
    Gateway gateway = new Gateway(config, clock);
    try {
      gateway.start();
      return gateway;
    } catch (Exception e) {
      gateway.close();
      throw GatewayStartException.because(e);
    }
  }

  private void start() throws Exception {
    limiter = await(RateLimiter.start(background, config.redis(), config.limit(), metrics));
    upstreams = new Upstreams(background, config.upstream(), metrics);
    LiveDirectory directory = new LiveDirectory(config.baseDomain(), limiter, upstreams);
    measure(directory);
    snapshot = config.snapshot().map(file -> restore(file, directory)).orElse(null);
    KeyUses keyUses = new KeyUses();
    identity =
        new Identity(config, clock, background, upstreams.names(), directory, keyUses, metrics);
    identity.start();
    Entrance entrance = new Entrance(config.security().addresses().rules(), config.residency());
    Stages stages = Stages.of(config, directory, entrance, identity.authenticator(), exfiltration);
    ServiceBreakers breakers = new ServiceBreakers(metrics);
    background.setPeriodic(
        SWEEP_MILLIS,
        _ -> {
          breakers.sweep();
          probing.sweep();
          gate.sweep();
        });
    background.setPeriodic(
        config.security().exfiltration().sweepMillis(),
        _ ->
            exfiltration.sweep(
                directory.revision(), id -> directory.current().byId(id).map(Tenant::edge)));
    Shared shared =
        new Shared(
            eventLoops(),
            stages.signing(),
            new ForwardMeters(metrics),
            new ShareMeters(metrics),
            new AdaptiveLimits(eventLoops()),
            breakers,
            upstreams,
            usage);
    RegionalGateways regions =
        new RegionalGateways(
            config.residency(),
            directory,
            config.admit().maxBodyBytes(),
            config.resolve().trustTenantHeader(),
            upstreams,
            metrics);
    Optional<ServerTls> tls =
        config.https().isEmpty()
            ? Optional.empty()
            : Optional.of(ServerTls.of(requests, config.https().get(), directory));
    Telemetry telling = new Telemetry(config.observe(), instanceName(), metrics);
    telemetry = telling;
    listen(tls, directory, stages, entrance, regions, identity, shared, telling);
    showTenants(directory);
    usageReporter = usageReporter(directory);
    usageReporter.start();
    if (directory.isReady()) {
      ready.countDown();
    }
    Explainer explainer = new Explainer(stages, identity.logins(), new DryRun(shared));
    AdminServer admin =
        new AdminServer(
            background,
            directory,
            drain,
            metrics,
            upstreams,
            breakers,
            probing,
            exfiltration,
            new CertificateView(directory, tls, upstreams, metrics),
            tls,
            new ExplainHandler(explainer),
            new TailHandler(background, telling.tail()),
            InstantSource.system());
    adminPort = await(admin.listen(config.admin().host(), config.admin().port()));
    ControlPlaneClient answers = new ControlPlaneClient(background, config.feed());
    controlPlane = answers;
    feed =
        new FeedClient(
            background,
            config.feed(),
            name(),
            directory,
            metrics,
            ready::countDown,
            new QuestionAnswerer(explainer, answers, name())::answer);
    feed.start();
    new EndpointReporter(
            background, answers, name(), upstreams, breakers::health, InstantSource.system())
        .start();
    keyUseReporter = new KeyUseReporter(background, config.feed(), keyUses);
    keyUseReporter.start(REPORT_KEY_USES_EVERY);
    reporter =
        new SecurityReporter(
            background,
            config.security(),
            config.feed(),
            name(),
            security,
            InstantSource.system(),
            metrics);
    reporter.start();
    if (snapshot != null) {
      snapshot.start();
    }
    LOG.info("listening at {}:{}, admin port {}", config.http().host(), ports.http(), adminPort);
  }

  /** Port for requests in the clear. */
  public int httpPort() {
    return ports.http();
  }

  /** Port for requests with TLS; empty if there is none. */
  public Optional<Integer> httpsPort() {
    return ports.https() < 0 ? Optional.empty() : Optional.of(ports.https());
  }

  /** Port of {@link AdminServer}. */
  public int adminPort() {
    return adminPort;
  }

  /**
   * Waits until the gateway knows the tenants. Blocks.
   *
   * @throws TimeoutException if it does not within that time
   * @throws InterruptedException if the thread is interrupted
   */
  public void awaitReady(Duration atMost) throws TimeoutException, InterruptedException {
    if (!ready.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new TimeoutException("the gateway has not learnt of its tenants within " + atMost);
    }
  }

  /**
   * Leaves without losing a request, then stops: says that it is not ready for as long as {@link
   * DrainConfig#grace()}, asks every client to go elsewhere with its next request, and then does as
   * {@link #close}. Without grace it is {@link #close}. Blocks.
   */
  public void drain() {
    drain.begin();
    long graceMillis = config.drain().grace().toMillis();
    if (graceMillis > 0) {
      LOG.info("not ready any more, stopping in {} ms", graceMillis);
      background.timer(graceMillis, TimeUnit.MILLISECONDS).await();
      drain.leave();
      background.timer(Math.min(graceMillis, LEAVE_MILLIS), TimeUnit.MILLISECONDS).await();
    }
    close();
  }

  /** Stops taking requests, lets those under way end within a bound, and stops. Blocks. */
  @Override
  public void close() {
    try {
      await(requests.close(), config.drain().atMost().plus(START_TIMEOUT));
      if (usageReporter != null) {
        await(usageReporter.close());
      }
      if (telemetry != null) {
        telemetry.close();
      }
      if (reporter != null) {
        await(reporter.close());
      }
      if (feed != null) {
        await(feed.close());
      }
      if (controlPlane != null) {
        await(controlPlane.close());
      }
      if (keyUseReporter != null) {
        await(keyUseReporter.close());
      }
      if (snapshot != null) {
        await(snapshot.writeIfNewer());
      }
      if (identity != null) {
        await(identity.close());
      }
      if (upstreams != null) {
        await(upstreams.close());
      }
      if (limiter != null) {
        await(limiter.close());
      }
      await(background.close());
    } catch (Exception e) {
      LOG.warn("the gateway did not stop cleanly: {}", e.toString());
    }
  }

  private void listen(
      Optional<ServerTls> tls,
      LiveDirectory directory,
      Stages stages,
      Entrance entrance,
      RegionalGateways regions,
      Identity identity,
      Shared shared,
      Telemetry telling)
      throws Exception {
    background.runOnContext(_ -> LoopLag.measure(background, "background", metrics));
    await(
        requests.deployVerticle(
            () ->
                new GatewayVerticle(
                    config,
                    ports,
                    tls,
                    directory,
                    stages,
                    entrance,
                    regions,
                    identity,
                    shared,
                    drain,
                    gate,
                    probing,
                    security,
                    telling.observer(),
                    metrics),
            new DeploymentOptions().setInstances(eventLoops())));
  }

  /** On the event loop that takes what was counted. */
  private void showTenants(LiveDirectory directory) {
    TenantSeries series =
        new TenantSeries(
            config.observe().metrics(),
            id -> directory.current().byId(id).map(Tenant::slug),
            metrics);
    usage.tell(series::add);
    background.setPeriodic(config.observe().metrics().rankEvery().toMillis(), _ -> series.rank());
  }

  private UsageReporter usageReporter(LiveDirectory directory) {
    SharedQuotas quotas =
        new SharedQuotas(
            id ->
                directory
                    .current()
                    .byId(id)
                    .map(tenant -> tenant.limiter().quota())
                    .orElse(MonthlyQuota.NONE),
            () -> directory.current().tenants().map(tenant -> tenant.limiter().quota()));
    return new UsageReporter(
        background,
        config.usage(),
        config.feed(),
        name(),
        usage,
        quotas,
        InstantSource.system(),
        metrics);
  }

  private static List<AddressRange> trustedProxies(GatewayConfig config) {
    return Stream.concat(
            config.http().proxies().trusted().stream(),
            config.https().stream().flatMap(tls -> tls.proxies().trusted().stream()))
        .toList();
  }

  private SnapshotKeeper restore(SnapshotConfig snapshotConfig, LiveDirectory directory) {
    SnapshotFile file = new SnapshotFile(snapshotConfig.file(), config.feed().token());
    SnapshotKeeper keeper = new SnapshotKeeper(background, directory, file, metrics);
    keeper.restore();
    return keeper;
  }

  @SuppressWarnings("resource") // The GC binder lives as long as the process.
  private void measure(LiveDirectory directory) {
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmGcMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    new FileDescriptorMetrics().bindTo(metrics);
    new UptimeMetrics().bindTo(metrics);
    Gauge.builder("gatehouse.build.info", () -> 1)
        .description("1, with the version of the program")
        .tag("version", BuildVersion.of(Gateway.class))
        .register(metrics);
    Gauge.builder("gatehouse.tenants", directory, live -> live.current().size())
        .description("Tenants that this gateway knows")
        .register(metrics);
  }

  private int eventLoops() {
    return config.eventLoops().orElse(Runtime.getRuntime().availableProcessors());
  }

  /** Before the port is known. */
  private String instanceName() {
    return config.name().orElseGet(() -> hostName() + "-" + config.http().port());
  }

  private String name() {
    return config.name().orElseGet(() -> hostName() + "-" + ports.http());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "gateway";
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return await(future, START_TIMEOUT);
  }

  private static <T> T await(Future<T> future, Duration atMost) throws Exception {
    return future.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
