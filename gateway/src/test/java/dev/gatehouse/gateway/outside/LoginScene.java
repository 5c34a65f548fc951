package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.ClaimMapping;
import dev.gatehouse.contract.edge.ClientCredentials;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.IssuerKeys;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.FragileLink;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import dev.gatehouse.gateway.outside.Browser.Page;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** A gateway whose tenants' users log in: an identity provider, Redis, and a clock to turn. */
final class LoginScene implements AutoCloseable {
  static final String SESSION = "__Host-gatehouse-session";
  static final String ACCOUNT_HOST = "account.localhost";

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(ahead.get());
  private final EmbeddedRedis redis;

  /** The way from the gateways to Redis. */
  final FragileLink link;

  final IdentityProvider idp;
  final Platform platform;

  LoginScene(Path folder) throws Exception {
    idp = new IdentityProvider();
    redis = EmbeddedRedis.start(folder, 0);
    link = new FragileLink(redis.port());
    platform = new Platform(this::configured, clock);
    String secret = SigningKeys.generateSecret();
    Instant now = Instant.now();
    platform.feed.awaitApplied(
        platform.feed.put(
            new EdgeSigningKey(
                SigningKeys.kidOf(secret),
                secret,
                now.minusSeconds(1),
                now.plus(Duration.ofDays(1)),
                Optional.of(EdgeSigningKey.Purpose.LOGIN))));
  }

  GatewayConfig configured(GatewayConfig config) {
    return configured(config, Duration.ofSeconds(1));
  }

  /** With another interval at which sessions are asked for by which something is open. */
  GatewayConfig configured(GatewayConfig config, Duration recheckSessions) {
    return Platform.withRedis(
        Platform.with(
            config,
            new AuthenticateConfig(
                100,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                List.of("127.0.0.0/8"),
                Optional.of(new Hostname(ACCOUNT_HOST)),
                recheckSessions)),
        link.urlFor(redis.url()));
  }

  /** The URL of Redis itself, whatever becomes of the {@link #link}. */
  String redisUrl() {
    return redis.url();
  }

  /** Has a provider's subject revoked, by what was said of it until now. */
  void revoke(EdgeIdentityProvider p, String subject) throws InterruptedException {
    platform.feed.awaitApplied(
        platform.feed.put(
            new EdgeIdentityProvider(
                p.id(),
                p.tenantId(),
                p.name(),
                p.issuer(),
                p.keys(),
                p.audiences(),
                p.algorithms(),
                p.clockSkew(),
                p.requiredClaims(),
                p.claims(),
                p.forwardToken(),
                p.validFrom(),
                Optional.of(Map.of(subject, Instant.now().plusSeconds(1))),
                p.login())));
  }

  /** From now on the gateway thinks that it is so much later than it is. */
  void turnClock(Duration by) {
    ahead.set(by);
  }

  @Override
  public void close() {
    platform.close();
    link.close();
    redis.close();
    idp.close();
  }

  /** A tenant whose users log in, at a host that no other test knows. */
  Site site(String... labels) throws Exception {
    Site site =
        new Site(
            "t-" + UUID.randomUUID() + ".localhost", Set.of(AuthenticationMethod.SESSION), idp);
    site.trust("one", labels.length > 0 ? Optional.of(labels[0]) : Optional.empty());
    for (int i = 1; i < labels.length; i++) {
      site.trust("more-" + i, Optional.of(labels[i]));
    }
    return site;
  }

  /** A tenant and one of its hosts. */
  final class Site {
    final TestTenant tenant;
    final String host;
    private final IdentityProvider trusted;
    private Optional<EdgeIdentityProvider> first = Optional.empty();

    Site(String host, Set<AuthenticationMethod> methods, IdentityProvider trusted)
        throws Exception {
      this.host = host;
      this.trusted = trusted;
      this.tenant =
          platform.tenant(edge ->
              Platform.withName(
                  Platform.withHosts(Platform.with(edge, methods), List.of(new Hostname(host))),
                  "Acme & <Sons>"));
    }

    EdgeIdentityProvider provider() {
      return first.orElseThrow();
    }

    void trust(String name, Optional<String> label) throws Exception {
      JsonObject client = trusted.register(origin());
      EdgeIdentityProvider made =
          new EdgeIdentityProvider(
              UUID.randomUUID(),
              tenant.edge().id(),
              name,
              first.isEmpty() ? trusted.issuer() : trusted.issuer() + "/" + name,
              new IssuerKeys(Optional.of(trusted.issuer() + "/jwks"), Optional.empty()),
              Set.of(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(
                  new ClaimMapping(
                      Optional.of("email"),
                      Optional.of("roles"),
                      Optional.empty(),
                      Optional.empty())),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(
                  new OidcLogin(
                      new ClientCredentials(
                          client.getString("client_id"),
                          Optional.of(client.getString("client_secret")),
                          Optional.empty()),
                      label,
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty())));
      platform.feed.awaitApplied(platform.feed.put(made));
      first = first.or(() -> Optional.of(made));
    }

    String origin() {
      return "http://" + host + ":" + platform.gateway.httpPort();
    }

    String url(String path) {
      return origin() + path;
    }

    Page logIn(Browser browser, String path, String user) throws IOException {
      Page form = browser.open(url(path));
      assertThat(form.url().toString()).startsWith(trusted.issuer() + "/interaction/");
      return browser.submit(form, "user=" + user);
    }

    Response get(Browser browser, String path, String... headers) throws IOException {
      return browser.send(URI.create(url(path)), "GET", "", headers);
    }
  }
}
