package dev.gatehouse.gateway;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.GatewayConfig.AdminConfig;
import dev.gatehouse.gateway.GatewayConfig.ListenConfig;
import dev.gatehouse.gateway.GatewayConfig.TlsConfig;
import dev.gatehouse.gateway.admit.AdmitConfig;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.connect.ConnectionsConfig;
import dev.gatehouse.gateway.directory.FeedConfig;
import dev.gatehouse.gateway.drain.DrainConfig;
import dev.gatehouse.gateway.forward.ForwardConfig;
import dev.gatehouse.gateway.observe.ObserveConfig;
import dev.gatehouse.gateway.redis.RedisConfig;
import dev.gatehouse.gateway.security.SecurityConfig;
import dev.gatehouse.gateway.tls.HstsConfig;
import dev.gatehouse.gateway.tls.HttpsRedirect;
import dev.gatehouse.gateway.upstream.UpstreamConfig;
import io.vertx.core.net.SelfSignedCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A gateway with its feed and one upstream, all real, each test class its own. */
public final class Platform implements AutoCloseable {
  public static final String BASE_DOMAIN = "example.test";

  private static final AtomicInteger NUMBER = new AtomicInteger();

  public final FeedServer feed = new FeedServer();
  public final RecordingUpstream upstream = new RecordingUpstream();
  public final Gateway gateway;

  public Platform() throws Exception {
    this(config -> config);
  }

  public Platform(UnaryOperator<GatewayConfig> adapt) throws Exception {
    this(adapt, InstantSource.system());
  }

  /** By another clock than the system's. */
  public Platform(UnaryOperator<GatewayConfig> adapt, InstantSource clock) throws Exception {
    feed.put(upstream.service("app"));
    feed.put(EdgeRoute.toService(UUID.randomUUID(), "/", "app"));
    gateway = Gateway.start(adapt.apply(config()), clock);
    gateway.awaitReady(Duration.ofSeconds(20));
  }

  /** How many requests have ended. */
  public long requests() throws Exception {
    return metrics()
        .lines()
        .filter(line -> line.startsWith("gatehouse_requests_seconds_count"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** What the gateway says of itself. */
  public String metrics() throws Exception {
    return metricsOf(gateway);
  }

  /** What a gateway says of itself. */
  public static String metricsOf(Gateway gateway) throws Exception {
    // By HTTP/1.1: an upgrade for each of so many questions proves nothing.
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI metrics = URI.create("http://127.0.0.1:" + gateway.adminPort() + "/metrics");
      return client
          .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /** One more gateway of the same platform. */
  public Gateway startAnother(UnaryOperator<GatewayConfig> adapt) throws Exception {
    Gateway another = Gateway.start(adapt.apply(config()));
    another.awaitReady(Duration.ofSeconds(20));
    return another;
  }

  Gateway startAnother(DrainConfig drain) throws Exception {
    return startAnother(c -> with(c, drain));
  }

  /** With a listener for TLS beside the one in the clear. */
  public static Platform withTls() throws Exception {
    return withTls(ForwardConfig.DEFAULT);
  }

  /** The same, with its own way to the upstreams. */
  public static Platform withTls(ForwardConfig forward) throws Exception {
    return withTls(forward, Optional.empty(), Optional.empty());
  }

  /** The same, with what it says to clients in the clear, and to browsers. */
  public static Platform withTls(
      ForwardConfig forward, Optional<HttpsRedirect> redirect, Optional<HstsConfig> hsts)
      throws Exception {
    return withTls(forward, redirect, hsts, c -> c);
  }

  /** The same, and then some. */
  public static Platform withTls(UnaryOperator<GatewayConfig> adapt) throws Exception {
    return withTls(ForwardConfig.DEFAULT, Optional.empty(), Optional.empty(), adapt);
  }

  private static Platform withTls(
      ForwardConfig forward,
      Optional<HttpsRedirect> redirect,
      Optional<HstsConfig> hsts,
      UnaryOperator<GatewayConfig> adapt)
      throws Exception {
    TlsConfig tls =
        new TlsConfig(
            "127.0.0.1",
            0,
            Path.of(OfTheBaseDomain.CERTIFICATE.certificatePath()),
            Path.of(OfTheBaseDomain.CERTIFICATE.privateKeyPath()),
            ProxyConfig.DEFAULT,
            redirect,
            hsts);
    return new Platform(c -> adapt.apply(with(c, c.http(), Optional.of(tls), forward, c.drain())));
  }

  /** Made once, when first needed: to make an RSA key takes a second of the processor. */
  private static final class OfTheBaseDomain {
    static final SelfSignedCertificate CERTIFICATE = SelfSignedCertificate.create(BASE_DOMAIN);
  }

  /** The default way to the upstreams, but for how long a client or an upstream may stand still. */
  public static ForwardConfig patience(Duration clientIdle, Duration streamIdle) {
    ForwardConfig defaults = ForwardConfig.DEFAULT;
    return new ForwardConfig(
        defaults.connectTimeout(),
        defaults.responseTimeout(),
        defaults.maxInFlight(),
        defaults.connectionsPerEndpoint(),
        defaults.maxWaiting(),
        defaults.maxTunnels(),
        defaults.http2Connections(),
        clientIdle,
        streamIdle,
        defaults.webSocketIdle(),
        defaults.keepAlive());
  }

  /** On free ports, with everything else at its default. */
  public GatewayConfig config() {
    GatewayConfig defaults =
        GatewayConfig.of(
            new Hostname(BASE_DOMAIN), new FeedConfig(feed.url(), feed.token.reveal()));
    return defaults
        .copy()
        .name(Optional.of("test-" + NUMBER.incrementAndGet()))
        .http(new ListenConfig("127.0.0.1", 0))
        .admin(new AdminConfig("127.0.0.1", 0))
        .eventLoops(Optional.of(2))
        .observe(new ObserveConfig(true))
        .build();
  }

  /** The same with other upstream settings, on so many event loops. */
  public static GatewayConfig with(GatewayConfig c, UpstreamConfig upstream, int eventLoops) {
    return c.copy().eventLoops(Optional.of(eventLoops)).upstream(upstream).build();
  }

  /** The same with Redis. */
  public static GatewayConfig withRedis(GatewayConfig c, String url) {
    return c.copy().redis(Optional.of(new RedisConfig(URI.create(url)))).build();
  }

  /** The same with other rules for callers' tokens. */
  public static GatewayConfig with(GatewayConfig c, AuthenticateConfig authenticate) {
    return c.copy().authenticate(authenticate).build();
  }

  /** The same with a listener for TLS. */
  static GatewayConfig withHttps(GatewayConfig c, TlsConfig tls) {
    return with(c, c.http(), Optional.of(tls), c.forward(), c.drain());
  }

  /** The same with proxies before it. */
  static GatewayConfig behind(GatewayConfig c, ProxyConfig proxies) {
    ListenConfig http = new ListenConfig(c.http().host(), c.http().port(), proxies);
    return with(c, http, c.https(), c.forward(), c.drain());
  }

  public static GatewayConfig with(GatewayConfig c, ForwardConfig forward) {
    return with(c, c.http(), c.https(), forward, c.drain());
  }

  static GatewayConfig with(GatewayConfig c, SecurityConfig security) {
    return with(c, c.http(), c.https(), c.admit(), c.forward(), c.drain(), security);
  }

  /** The same, with connections closed that are silent for so long between two requests. */
  public static GatewayConfig withConnectionIdle(GatewayConfig c, Duration idle) {
    AdmitConfig admit =
        new AdmitConfig(
            c.admit().maxRequestLineBytes(),
            c.admit().maxHeaderBytes(),
            c.admit().maxHeaders(),
            c.admit().maxBodyBytes(),
            idle,
            c.admit().headTimeout(),
            c.admit().connections());
    return with(c, c.http(), c.https(), admit, c.forward(), c.drain(), c.security());
  }

  /** The same, with shorter bodies. */
  public static GatewayConfig withMaxBodyBytes(GatewayConfig c, long maxBodyBytes) {
    AdmitConfig admit =
        new AdmitConfig(
            c.admit().maxRequestLineBytes(),
            c.admit().maxHeaderBytes(),
            c.admit().maxHeaders(),
            maxBodyBytes,
            c.admit().connectionIdle(),
            c.admit().headTimeout(),
            c.admit().connections());
    return with(c, c.http(), c.https(), admit, c.forward(), c.drain(), c.security());
  }

  /** The same, with other bounds for clients' connections, with a time for heads. */
  public static GatewayConfig with(
      GatewayConfig c, Duration headTimeout, ConnectionsConfig connections) {
    AdmitConfig admit =
        new AdmitConfig(
            c.admit().maxRequestLineBytes(),
            c.admit().maxHeaderBytes(),
            c.admit().maxHeaders(),
            c.admit().maxBodyBytes(),
            c.admit().connectionIdle(),
            headTimeout,
            connections);
    return with(c, c.http(), c.https(), admit, c.forward(), c.drain(), c.security());
  }

  static GatewayConfig with(GatewayConfig c, DrainConfig drain) {
    return with(c, c.http(), c.https(), c.forward(), drain);
  }

  private static GatewayConfig with(
      GatewayConfig c,
      ListenConfig http,
      Optional<TlsConfig> https,
      ForwardConfig forward,
      DrainConfig drain) {
    return with(c, http, https, c.admit(), forward, drain, c.security());
  }

  private static GatewayConfig with(
      GatewayConfig c,
      ListenConfig http,
      Optional<TlsConfig> https,
      AdmitConfig admit,
      ForwardConfig forward,
      DrainConfig drain,
      SecurityConfig security) {
    return c.copy()
        .http(http)
        .https(https)
        .admit(admit)
        .forward(forward)
        .drain(drain)
        .security(security)
        .build();
  }

  /** A service at a path of its own, which is given; known to the gateway on return. */
  public String route(EdgeService service) throws InterruptedException {
    feed.put(service);
    String path = "/" + service.name();
    feed.awaitApplied(feed.put(EdgeRoute.toService(UUID.randomUUID(), path, service.name())));
    return path;
  }

  /** An active tenant with a name of its own, and an API key; known to the gateway on return. */
  public TestTenant tenant(UnaryOperator<EdgeTenant> adapt) throws InterruptedException {
    SecretToken key = SecretToken.generate(SecretToken.Kind.API_KEY);
    EdgeTenant tenant =
        adapt.apply(
            new EdgeTenant(
                UUID.randomUUID(),
                new Slug("tenant-" + NUMBER.incrementAndGet()),
                TenantStatus.ACTIVE,
                List.of(),
                Set.of(AuthenticationMethod.API_KEY),
                EdgeLimits.NONE));
    feed.put(tenant);
    feed.awaitApplied(
        feed.put(
            new EdgeApiKey(
                key.id(),
                tenant.id(),
                HexFormat.of().formatHex(key.hash()),
                "robot",
                Set.of("reader"),
                Optional.empty())));
    return new TestTenant(tenant, key);
  }

  public TestTenant tenant() throws InterruptedException {
    return tenant(tenant -> tenant);
  }

  public static EdgeTenant with(EdgeTenant t, TenantStatus status) {
    return new EdgeTenant(t.id(), t.slug(), status, t.hosts(), t.authentication(), t.limits());
  }

  public static EdgeTenant with(EdgeTenant t, Set<AuthenticationMethod> authentication) {
    return new EdgeTenant(t.id(), t.slug(), t.status(), t.hosts(), authentication, t.limits());
  }

  public static EdgeTenant with(EdgeTenant t, EdgeLimits limits) {
    return new EdgeTenant(t.id(), t.slug(), t.status(), t.hosts(), t.authentication(), limits);
  }

  public static EdgeTenant withName(EdgeTenant t, String name) {
    return new EdgeTenant(
        t.id(),
        t.slug(),
        t.status(),
        t.hosts(),
        t.authentication(),
        t.limits(),
        t.weight(),
        t.apiVersion(),
        t.services(),
        t.plan(),
        t.domains(),
        Optional.of(name));
  }

  public static EdgeTenant withHosts(EdgeTenant t, List<Hostname> hosts) {
    return new EdgeTenant(t.id(), t.slug(), t.status(), hosts, t.authentication(), t.limits());
  }

  /** A tenant and its key. */
  public record TestTenant(EdgeTenant edge, SecretToken key) {
    public String host() {
      return edge.slug() + "." + BASE_DOMAIN;
    }
  }

  @Override
  public void close() {
    gateway.close();
    upstream.close();
    feed.close();
  }
}
