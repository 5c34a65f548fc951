package dev.gatehouse.gateway;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.admit.AdmitConfig;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import dev.gatehouse.gateway.bounds.NotABound;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.directory.FeedConfig;
import dev.gatehouse.gateway.drain.DrainConfig;
import dev.gatehouse.gateway.forward.ForwardConfig;
import dev.gatehouse.gateway.limit.LimitConfig;
import dev.gatehouse.gateway.observe.ObserveConfig;
import dev.gatehouse.gateway.redis.RedisConfig;
import dev.gatehouse.gateway.residency.ResidencyConfig;
import dev.gatehouse.gateway.resolve.ResolveConfig;
import dev.gatehouse.gateway.security.SecurityConfig;
import dev.gatehouse.gateway.sign.SignConfig;
import dev.gatehouse.gateway.tls.HstsConfig;
import dev.gatehouse.gateway.tls.HttpsRedirect;
import dev.gatehouse.gateway.upstream.UpstreamConfig;
import dev.gatehouse.gateway.usage.UsageConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a gateway must know to start; everything else it learns from the control plane.
 *
 * @param name unique among the gateways of the platform (default: host name and port)
 * @param http where it listens in the clear, for HTTP/1.1 and HTTP/2
 * @param https where it listens with TLS; nowhere if absent
 * @param admin where it tells about itself; keep it on the loopback interface
 * @param baseDomain tenants are reached at {@code slug.<base domain>}
 * @param feed where it learns about tenants
 * @param redis where gateways share the tenants' limits; limits are each gateway's own if absent
 * @param snapshot where it keeps what it knows, to start without the control plane; nowhere if
 *     absent
 * @param resolve how tenants are found besides by their host
 * @param eventLoops how many threads serve requests (default: one for each core)
 * @param transport how sockets are served (default {@link SocketTransport#AUTO})
 * @param admit what a request may look like
 * @param authenticate how callers' tokens are verified
 * @param limit how limits are shared
 * @param sign the signed context
 * @param forward the way to the upstreams
 * @param drain how it stops
 * @param upstream how their endpoints are found and watched
 * @param observe what is told about requests
 * @param security what the audit trail is told about refused ones, and from where they may come
 * @param residency where it stands, for tenants that are bound to a region
 * @param usage how what tenants do is reported
 */
public record GatewayConfig(
    Optional<String> name,
    ListenConfig http,
    Optional<TlsConfig> https,
    AdminConfig admin,
    Hostname baseDomain,
    FeedConfig feed,
    Optional<RedisConfig> redis,
    Optional<SnapshotConfig> snapshot,
    ResolveConfig resolve,
    @NotABound("how much of the machine it may use") Optional<Integer> eventLoops,
    Optional<SocketTransport> transport,
    AdmitConfig admit,
    AuthenticateConfig authenticate,
    LimitConfig limit,
    SignConfig sign,
    ForwardConfig forward,
    DrainConfig drain,
    UpstreamConfig upstream,
    ObserveConfig observe,
    SecurityConfig security,
    ResidencyConfig residency,
    UsageConfig usage) {

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public GatewayConfig {
    if (eventLoops.isPresent() && (eventLoops.get() < 1 || eventLoops.get() > 256)) {
      throw new IllegalArgumentException(
          "eventLoops must be between 1 and 256, found " + eventLoops.get());
    }
    if (name.isPresent() && !name.get().matches("[A-Za-z0-9._-]{1,63}")) {
      throw new IllegalArgumentException(
          "name must be 1 to 63 letters, digits, dots, hyphens or underscores, found \""
              + name.get()
              + "\"");
    }
  }

  /** The same in another place. */
  public GatewayConfig with(ResidencyConfig changed) {
    return copy().residency(changed).build();
  }

  /** The same with other ways to report what tenants do. */
  public GatewayConfig with(UsageConfig changed) {
    return copy().usage(changed).build();
  }

  /** The same, telling otherwise of its requests. */
  public GatewayConfig with(ObserveConfig changed) {
    return copy().observe(changed).build();
  }

  /** One like it, of which some is to be changed. */
  public Copy copy() {
    return new Copy(this);
  }

  /** A configuration that is like another one but for what is said. One thread. */
  public static final class Copy {
    private final GatewayConfig of;
    private Optional<String> name;
    private ListenConfig http;
    private Optional<TlsConfig> https;
    private AdminConfig admin;
    private Optional<RedisConfig> redis;
    private Optional<SnapshotConfig> snapshot;
    private Optional<Integer> eventLoops;
    private AdmitConfig admit;
    private AuthenticateConfig authenticate;
    private SignConfig sign;
    private ForwardConfig forward;
    private DrainConfig drain;
    private UpstreamConfig upstream;
    private ObserveConfig observe;
    private SecurityConfig security;
    private ResidencyConfig residency;
    private UsageConfig usage;

    private Copy(GatewayConfig of) {
      this.of = of;
      this.name = of.name;
      this.http = of.http;
      this.https = of.https;
      this.admin = of.admin;
      this.redis = of.redis;
      this.snapshot = of.snapshot;
      this.eventLoops = of.eventLoops;
      this.admit = of.admit;
      this.authenticate = of.authenticate;
      this.sign = of.sign;
      this.forward = of.forward;
      this.drain = of.drain;
      this.upstream = of.upstream;
      this.observe = of.observe;
      this.security = of.security;
      this.residency = of.residency;
      this.usage = of.usage;
    }

    /** Changes what it is called. */
    public Copy name(Optional<String> changed) {
      name = changed;
      return this;
    }

    /** Changes where it listens. */
    public Copy http(ListenConfig changed) {
      http = changed;
      return this;
    }

    /** Changes where it listens for TLS, and how. */
    public Copy https(Optional<TlsConfig> changed) {
      https = changed;
      return this;
    }

    /** Changes where its admin port is. */
    public Copy admin(AdminConfig changed) {
      admin = changed;
      return this;
    }

    /** Changes with whom it shares limits. */
    public Copy redis(Optional<RedisConfig> changed) {
      redis = changed;
      return this;
    }

    /** Changes where it keeps what it knows. */
    public Copy snapshot(Optional<SnapshotConfig> changed) {
      snapshot = changed;
      return this;
    }

    /** Changes how many event loops it has. */
    public Copy eventLoops(Optional<Integer> changed) {
      eventLoops = changed;
      return this;
    }

    /** Changes what it admits. */
    public Copy admit(AdmitConfig changed) {
      admit = changed;
      return this;
    }

    /** Changes how it finds out who calls. */
    public Copy authenticate(AuthenticateConfig changed) {
      authenticate = changed;
      return this;
    }

    /** Changes how it signs. */
    public Copy sign(SignConfig changed) {
      sign = changed;
      return this;
    }

    /** Changes how it forwards. */
    public Copy forward(ForwardConfig changed) {
      forward = changed;
      return this;
    }

    /** Changes how it drains. */
    public Copy drain(DrainConfig changed) {
      drain = changed;
      return this;
    }

    /** Changes how it treats upstreams. */
    public Copy upstream(UpstreamConfig changed) {
      upstream = changed;
      return this;
    }

    /** Changes what it tells of its requests. */
    public Copy observe(ObserveConfig changed) {
      observe = changed;
      return this;
    }

    /** Changes how it defends itself. */
    public Copy security(SecurityConfig changed) {
      security = changed;
      return this;
    }

    /** Changes where it stands. */
    public Copy residency(ResidencyConfig changed) {
      residency = changed;
      return this;
    }

    /** Changes how it reports what tenants do. */
    public Copy usage(UsageConfig changed) {
      usage = changed;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public GatewayConfig build() {
      return new GatewayConfig(
          name,
          http,
          https,
          admin,
          of.baseDomain,
          of.feed,
          redis,
          snapshot,
          of.resolve,
          eventLoops,
          of.transport,
          admit,
          authenticate,
          of.limit,
          sign,
          forward,
          drain,
          upstream,
          observe,
          security,
          residency,
          usage);
    }
  }

  /** A gateway with everything at its default. */
  public static GatewayConfig of(Hostname baseDomain, FeedConfig feed) {
    return new GatewayConfig(
        Optional.empty(),
        ListenConfig.DEFAULT,
        Optional.empty(),
        AdminConfig.DEFAULT,
        baseDomain,
        feed,
        Optional.empty(),
        Optional.empty(),
        ResolveConfig.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        AdmitConfig.DEFAULT,
        AuthenticateConfig.DEFAULT,
        LimitConfig.DEFAULT,
        SignConfig.DEFAULT,
        ForwardConfig.DEFAULT,
        DrainConfig.DEFAULT,
        UpstreamConfig.DEFAULT,
        ObserveConfig.DEFAULT,
        SecurityConfig.DEFAULT,
        ResidencyConfig.DEFAULT,
        UsageConfig.DEFAULT);
  }

  /**
   * An address to listen at.
   *
   * @param host interface (default 0.0.0.0)
   * @param port 0 for any free one (default 8080)
   * @param proxies what stands before it (default nothing)
   */
  public record ListenConfig(String host, @NotABound("an address") int port, ProxyConfig proxies) {
    /** The defaults. */
    public static final ListenConfig DEFAULT = new ListenConfig("0.0.0.0", 8080);

    /** With nothing before it. */
    public ListenConfig(String host, int port) {
      this(host, port, ProxyConfig.DEFAULT);
    }

    /**
     * @throws IllegalArgumentException if the port is out of its range
     */
    public ListenConfig {
      requirePort(port);
    }
  }

  /**
   * The address of the admin port.
   *
   * @param host interface (default 127.0.0.1)
   * @param port 0 for any free one (default 9901)
   */
  public record AdminConfig(String host, @NotABound("an address") int port) {
    /** The defaults. */
    public static final AdminConfig DEFAULT = new AdminConfig("127.0.0.1", 9901);

    /**
     * @throws IllegalArgumentException if the port is out of its range
     */
    public AdminConfig {
      requirePort(port);
    }
  }

  /**
   * TLS.
   *
   * @param host interface
   * @param port 0 for any free one
   * @param certificate PEM file with the certificate, and its chain, of hosts for which the control
   *     plane has none
   * @param key PEM file with the private key (PKCS#8)
   * @param proxies what stands before it (default nothing)
   * @param redirect where requests in the clear are sent; they are served if absent
   * @param hsts what browsers are told to keep to; nothing if absent
   */
  public record TlsConfig(
      String host,
      @NotABound("an address") int port,
      Path certificate,
      Path key,
      ProxyConfig proxies,
      Optional<HttpsRedirect> redirect,
      Optional<HstsConfig> hsts) {
    /** With nothing before it. */
    public TlsConfig(String host, int port, Path certificate, Path key) {
      this(host, port, certificate, key, ProxyConfig.DEFAULT, Optional.empty(), Optional.empty());
    }

    /**
     * @throws IllegalArgumentException if the port is out of its range
     */
    public TlsConfig {
      requirePort(port);
    }
  }

  /**
   * Where the snapshot is.
   *
   * @param file where to keep the snapshot; readable by its owner alone
   */
  public record SnapshotConfig(Path file) {}

  private static void requirePort(int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be between 0 and 65535, found " + port);
    }
  }
}
