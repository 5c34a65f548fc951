package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AccountMembership;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.outside.LoginScene.Site;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is open by a user's session ends with it, also where the gateway does not hear of that. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenSessionsIT {
  private static final String SESSION = LoginScene.SESSION;

  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient sockets = vertx.createWebSocketClient();
  private LoginScene scene;
  private Redis redis;
  private Site account;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    scene = new LoginScene(folder);
    redis = Redis.createClient(vertx, scene.redisUrl());
    account =
        scene.new Site(LoginScene.ACCOUNT_HOST, Set.of(AuthenticationMethod.SESSION), scene.idp);
    account.trust("platform", Optional.empty());
  }

  @AfterEach
  void mend() {
    scene.link.bringUp();
    scene.turnClock(Duration.ZERO);
    scene.platform.feed.removeMember("alice");
  }

  @AfterAll
  void stop() {
    vertx.close().await();
    scene.close();
  }

  /** An open WebSocket. */
  private static final class Open {
    private final WebSocket socket;
    private final CompletableFuture<Short> closed = new CompletableFuture<>();

    Open(WebSocket socket) {
      this.socket = socket;
      socket.closeHandler(_ -> closed.complete(socket.closeStatusCode()));
    }

    void isEnded() throws Exception {
      assertThat(closed.get(60, TimeUnit.SECONDS)).isEqualTo((short) 1008);
    }

    void isOpen() throws Exception {
      CompletableFuture<String> answer = new CompletableFuture<>();
      socket.textMessageHandler(answer::complete);
      socket.writeTextMessage("hello");
      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("echo hello");
    }
  }

  private Open open(Site site, Browser browser) {
    return open(scene.platform.gateway, site, browser);
  }

  private Open open(Gateway gateway, Site site, Browser browser) {
    WebSocketConnectOptions options = new WebSocketConnectOptions();
    options
        .setHost("127.0.0.1")
        .setPort(gateway.httpPort())
        .setURI("/echo")
        .addHeader("Host", URI.create(site.origin()).getAuthority())
        .addHeader("Origin", site.origin())
        .addHeader("Cookie", SESSION + "=" + browser.cookie(site.host, SESSION));
    return new Open(sockets.connect(options).await());
  }

  private Browser loggedIn(Site site) throws IOException {
    Browser browser = new Browser();
    assertThat(site.logIn(browser, "/", "alice").status()).isEqualTo(200);
    return browser;
  }

  private Site byAccount() throws Exception {
    Site site =
        scene
        .new Site(
            "t-" + UUID.randomUUID() + ".localhost",
            Set.of(AuthenticationMethod.ACCOUNT),
            scene.idp);
    scene.platform.feed.addMember(
        "alice",
        new AccountMembership(
            site.tenant.edge().id(), site.tenant.edge().slug().value(), site.host, "admin"));
    return site;
  }

  /** The name of a tenant's only session. */
  private String keyOf(Site site) {
    Response keys =
        redis
            .send(Request.cmd(Command.KEYS, "gh:session:{" + site.tenant.edge().id() + "}:*"))
            .await();
    assertThat(keys.size()).isEqualTo(1);
    return keys.get(0).toString();
  }

  /** Ends a tenant's only session, and tells nobody. */
  private void endUnheard(Site site) {
    assertThat(redis.send(Request.cmd(Command.DEL, keyOf(site))).await()).hasToString("1");
  }

  /** How many sessions were asked for again, with that outcome. */
  private double asked(String outcome) throws IOException {
    return RawClient.send(
            scene.platform.gateway.adminPort(), "GET /metrics HTTP/1.1", "Host: localhost")
        .body()
        .lines()
        .filter(line -> line.startsWith("gatehouse_session_rechecks_total"))
        .filter(line -> line.contains("\"" + outcome + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  private void awaitAskedTwice(String outcome) throws Exception {
    double before = asked(outcome);
    Eventually.holds(() -> asked(outcome) >= before + 2);
  }

  @Test
  void endsWhatIsOpenByASessionWhoseEndWasNotHeard() throws Exception {
    Site site = scene.site();
    Browser browser = loggedIn(site);
    Open socket = open(site, browser);
    try (RawClient stream = new RawClient(scene.platform.gateway.httpPort())) {
      stream.write(
          "GET /?mode=endless HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\n\r\n"
              .formatted(
                  URI.create(site.origin()).getAuthority(),
                  SESSION,
                  browser.cookie(site.host, SESSION)));
      assertThat(stream.readHead().status()).isEqualTo(200);
      awaitAskedTwice("held");
      socket.isOpen();

      endUnheard(site);
      socket.isEnded();
      assertThat(stream.isClosedByPeer()).isTrue();
      assertThat(site.get(browser, "/").status()).isEqualTo(302);
    }
  }

  @Test
  void endsItAlsoWhereTheWayToRedisHasFallenSilent() throws Exception {
    Site site = scene.site();
    Open socket = open(site, loggedIn(site));
    scene.link.fallSilent();
    endUnheard(site);
    socket.isEnded();
  }

  @Test
  void keepsItOpenWhileRedisIsAwayAndAsksOnceItIsBack() throws Exception {
    Site site = scene.site();
    Open socket = open(site, loggedIn(site));
    scene.link.takeDown();
    endUnheard(site);
    awaitAskedTwice("failed");
    socket.isOpen();

    scene.link.bringUp();
    socket.isEnded();
  }

  @Test
  void asksAtOnceWhenItHasConnectedAnew() throws Exception {
    Site site = scene.site();
    Browser browser = loggedIn(site);
    try (Gateway patient =
        scene.platform.startAnother(config -> scene.configured(config, Duration.ofMinutes(10)))) {
      Open socket = open(patient, site, browser);
      scene.link.takeDown();
      endUnheard(site);
      scene.link.bringUp();
      socket.isEnded();
    }
  }

  @Test
  void keepsTheSessionWithItThatIsUsedByNothingElse() throws Exception {
    Site site = scene.site();
    Open socket = open(site, loggedIn(site));
    String key = keyOf(site);
    int minute = 60_000;
    redis.send(Request.cmd(Command.PEXPIRE, key, Integer.toString(minute))).await();
    Eventually.holds(() ->
        Integer.parseInt(redis.send(Request.cmd(Command.PTTL, key)).await().toString()) > minute);
    socket.isOpen();
  }

  @Test
  void endsItWhenTheLifeOfTheSessionIsOver() throws Exception {
    Site site = scene.site();
    Open socket = open(site, loggedIn(site));
    scene.turnClock(Duration.ofHours(13));
    socket.isEnded();
  }

  @Test
  void asksTheProviderAgainForIt() throws Exception {
    Site site = scene.site();
    Open socket = open(site, loggedIn(site));
    String key = keyOf(site);
    byte[] before = sealed(key);
    scene.turnClock(Duration.ofMinutes(20));
    Eventually.holds(() -> !Arrays.equals(sealed(key), before));
    socket.isOpen();
  }

  private byte[] sealed(String key) {
    return redis.send(Request.cmd(Command.GET, key)).await().toBytes();
  }

  @Test
  void endsItWhenTheTenantLetsNobodyLogInThereAnyMore() throws Exception {
    Site site = scene.site();
    EdgeIdentityProvider provider = site.provider();
    scene.platform.feed.awaitApplied(
        scene.platform.feed.put(alsoForTokens(provider, provider.login())));
    Open socket = open(site, loggedIn(site));
    scene.platform.feed.put(alsoForTokens(provider, Optional.empty()));
    socket.isEnded();
  }

  private static EdgeIdentityProvider alsoForTokens(
      EdgeIdentityProvider p, Optional<OidcLogin> login) {
    return new EdgeIdentityProvider(
        p.id(),
        p.tenantId(),
        p.name(),
        p.issuer(),
        p.keys(),
        Set.of("api"),
        p.algorithms(),
        p.clockSkew(),
        p.requiredClaims(),
        p.claims(),
        p.forwardToken(),
        p.validFrom(),
        p.revokedSubjects(),
        login);
  }

  @Test
  void endsItWhenTheMembershipEnds() throws Exception {
    Site left = byAccount();
    Site kept = byAccount();
    Browser browser = loggedIn(left);
    browser.open(kept.url("/"));
    Open ofLeft = open(left, browser);
    Open ofKept = open(kept, browser);
    scene.platform.feed.removeMember("alice", left.tenant.edge().id());
    scene.turnClock(Duration.ofSeconds(61));
    ofLeft.isEnded();
    awaitAskedTwice("held");
    ofKept.isOpen();
  }

  @Test
  void endsItWhenTheUserLogsOutAtTheAccountHost() throws Exception {
    Site site = byAccount();
    Browser browser = loggedIn(site);
    Open socket = open(site, browser);
    browser.submit(browser.open(account.url("/.gatehouse/logout")), "");
    scene.turnClock(Duration.ofSeconds(61));
    socket.isEnded();
  }
}
