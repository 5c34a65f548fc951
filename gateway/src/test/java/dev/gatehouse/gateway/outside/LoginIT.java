package dev.gatehouse.gateway.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.gateway.Contexts;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.RecordingUpstream;
import dev.gatehouse.gateway.outside.Browser.Page;
import dev.gatehouse.gateway.outside.LoginScene.Site;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users who log in with an identity provider, through a real one and a real Redis. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginIT {
  private static final String SESSION = LoginScene.SESSION;

  private LoginScene scene;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    scene = new LoginScene(folder);
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  @Test
  void bringsTheUserBackToWhereItWas() throws Exception {
    Site site = scene.site();
    Browser browser = new Browser();
    browser.setCookie(site.host, "theme", "dark");
    Page page = site.logIn(browser, "/orders?page=2&q=a%20b", "alice");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.url()).hasToString(site.url("/orders?page=2&q=a%20b"));

    RecordingUpstream.Received received = scene.platform.upstream.last();
    assertThat(received.values("Cookie"))
        .as("the gateway's own are its own")
        .containsExactly("theme=dark");
    JsonObject context = Contexts.in(received);
    assertThat(context.getString("sub")).isEqualTo("alice@acme.example");
    assertThat(context.getJsonArray("roles")).containsExactlyInAnyOrder("reader", "admin");
    assertThat(context.getJsonArray("amr")).containsExactly("session");
    assertThat(browser.cookiesOf(site.host))
        .as("what the login left")
        .containsOnlyKeys("theme", SESSION);

    JsonObject session = new JsonObject(site.get(browser, "/.gatehouse/session").body());
    assertThat(session.getString("subject")).isEqualTo("alice@acme.example");
    assertThat(session.encode()).doesNotContain("token");
  }

  @Test
  void sendsNobodyToLogInWhoLooksAtNoPage() throws Exception {
    Site site = scene.site();
    assertThat(
            RawClient.send(
                    scene.platform.gateway.httpPort(),
                    "GET / HTTP/1.1",
                    "Host: " + site.host,
                    "Accept: application/json")
                .status())
        .isEqualTo(401);
    Browser browser = new Browser();
    assertThat(site.get(browser, "/", "Sec-Fetch-Mode: cors").status()).isEqualTo(401);
    assertThat(browser.send(URI.create(site.url("/")), "POST", "").status()).isEqualTo(401);
    assertThat(site.get(browser, "/", "Sec-Fetch-Mode: navigate").status()).isEqualTo(302);
  }

  @Test
  void letsTheUserChooseAmongProviders() throws Exception {
    Site site = scene.site("Acme <staff>", "Partners");
    Browser browser = new Browser();
    Page choice = browser.open(site.url("/orders"));
    assertThat(choice.status()).isEqualTo(200);
    assertThat(choice.url().getPath()).isEqualTo("/.gatehouse/login");
    assertThat(choice.body())
        .contains("Log in to Acme &amp; &lt;Sons&gt;")
        .contains("Continue with Acme &lt;staff&gt;")
        .contains("Continue with Partners")
        .doesNotContain("<script");
    String link =
        choice
            .body()
            .replaceAll("(?s).*href=\"([^\"]*" + site.provider().id() + "[^\"]*)\".*", "$1")
            .replace("&amp;", "&");
    Page form = browser.open(site.url(link));
    assertThat(browser.submit(form, "user=bob").url()).hasToString(site.url("/orders"));
  }

  @Test
  void isNothingAtAnotherHostOrTenant() throws Exception {
    Site site = scene.site();
    Site other = scene.site();
    Browser browser = new Browser();
    site.logIn(browser, "/", "alice");
    String cookie = browser.cookie(site.host, SESSION);
    assertThat(site.get(browser, "/").status()).isEqualTo(200);

    Browser thief = new Browser();
    thief.setCookie(other.host, SESSION, cookie);
    assertThat(other.get(thief, "/").status()).as("another tenant").isEqualTo(302);
    String subdomain = site.tenant.host();
    URI sameTenant =
        URI.create("http://" + subdomain + ":" + scene.platform.gateway.httpPort() + "/");
    thief.setCookie(subdomain, SESSION, cookie);
    assertThat(thief.send(sameTenant, "GET", "").status()).as("another host").isEqualTo(302);
  }

  @Test
  void endsNoLoginThatAnotherBrowserBegan() throws Exception {
    Site site = scene.site();
    Browser attacker = new Browser();
    Page form = attacker.open(site.url("/"));
    URI callback = callbackOf(attacker, form, "alice");
    Browser victim = new Browser();
    victim.open(site.url("/"));
    Page answer = victim.open(callback.toString());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(victim.cookie(site.host, SESSION)).isEmpty();
    assertThat(answer.body()).contains("not begun in this browser");
  }

  /** Where the provider sends the browser, which does not go there. */
  private URI callbackOf(Browser browser, Page form, String user) throws IOException {
    String action = form.body().replaceAll("(?s).*<form[^>]*action=\"([^\"]*)\".*", "$1");
    URI url = form.url().resolve(action);
    Response response = browser.send(url, "POST", "user=" + user);
    for (int i = 0; i < 5; i++) {
      URI next = url.resolve(response.header("Location"));
      if (next.getPath().equals("/.gatehouse/callback")) {
        return next;
      }
      url = next;
      response = browser.send(next, "GET", "");
    }
    throw new IOException("no callback");
  }

  @Test
  void usesAnAnswerOnceAndOnlyWhole() throws Exception {
    Site site = scene.site();
    Browser browser = new Browser();
    URI callback = callbackOf(browser, browser.open(site.url("/")), "alice");
    String query = callback.getRawQuery();
    for (String tampered :
        List.of(
            query.replaceAll("code=[^&]*", "code=forged"),
            query.replaceAll("iss=[^&]*", "iss=https%3A%2F%2Fevil.example"),
            query.replaceAll("&?iss=[^&]*", ""),
            query.replaceAll("state=.", "state=!"),
            query + "&code=twice")) {
      Response answer = site.get(browser, "/.gatehouse/callback?" + tampered);
      assertThat(answer.status()).as(tampered).isEqualTo(400);
      assertThat(browser.cookie(site.host, SESSION)).isEmpty();
    }
    assertThat(site.get(browser, "/.gatehouse/callback?" + query).status())
        .as("the forged code is all that the provider takes back")
        .isIn(302, 400);
    Browser again = new Browser();
    again.cookiesOf(site.host);
    assertThat(again.open(callback.toString()).status()).isEqualTo(400);
  }

  @Test
  void saysThatTheProviderRefused() throws Exception {
    Site site = scene.site();
    Page answer = site.logIn(new Browser(), "/", "mallory");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body())
        .contains("refused at the identity provider")
        .doesNotContain("no such user");
  }

  @Test
  void returnsNowhereElse() throws Exception {
    Site site = scene.site();
    for (String evil : List.of("//evil.example", "/%5Cevil.example", "https://evil.example/")) {
      Browser browser = new Browser();
      Page form = browser.open(site.url("/.gatehouse/login?return=" + evil.replace(":", "%3A")));
      assertThat(browser.submit(form, "user=alice").url()).hasToString(site.url("/"));
    }
  }

  @Test
  void changesNothingForAnotherSitesPage() throws Exception {
    Site site = scene.site();
    Browser browser = new Browser();
    site.logIn(browser, "/", "alice");
    URI orders = URI.create(site.url("/orders"));
    assertThat(browser.send(orders, "POST", "a=b", "Origin: " + site.origin()).status())
        .isEqualTo(200);
    assertThat(
            browser
                .send(orders, "POST", "a=b", "Origin: null", "Sec-Fetch-Site: same-origin")
                .status())
        .as("a page of the application that sends no referrer")
        .isEqualTo(200);
    Response page = site.get(browser, "/.gatehouse/logout");
    assertThat(page.header("Referrer-Policy"))
        .as("so that the form's origin is told")
        .isEqualTo("same-origin");
    for (String[] foreign :
        List.of(
            new String[] {"Origin: http://evil.localhost"},
            new String[] {"Origin: null"},
            new String[] {"Origin: null", "Sec-Fetch-Site: same-site"},
            new String[] {"Origin: http://evil.localhost", "Sec-Fetch-Site: same-origin"},
            new String[] {"Sec-Fetch-Site: same-site"},
            new String[] {"Sec-Fetch-Site: cross-site", "Origin: " + site.origin()})) {
      Response refused = browser.send(orders, "POST", "a=b", foreign);
      assertThat(refused.status()).as(foreign[0]).isEqualTo(403);
    }
    assertThat(site.get(browser, "/orders", "Sec-Fetch-Site: cross-site").status())
        .as("a link from elsewhere")
        .isEqualTo(200);
    Response handshake =
        site.get(
            browser,
            "/socket",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Origin: http://evil.localhost");
    assertThat(handshake.status()).isEqualTo(403);
    assertThat(
            browser
                .send(
                    URI.create(site.url("/.gatehouse/logout")),
                    "POST",
                    "",
                    "Origin: http://evil.localhost")
                .status())
        .isEqualTo(403);
    assertThat(site.get(browser, "/orders").status()).as("still logged in").isEqualTo(200);
  }

  @Test
  void logsOutHereAndAtTheProvider() throws Exception {
    Site site = scene.site();
    Browser browser = new Browser();
    site.logIn(browser, "/", "alice");
    String cookie = browser.cookie(site.host, SESSION);
    Page question = browser.open(site.url("/.gatehouse/logout"));
    assertThat(question.status()).isEqualTo(200);
    Page atProvider = browser.submit(question, "");
    assertThat(atProvider.url().toString()).startsWith(scene.idp.issuer());
    assertThat(browser.cookie(site.host, SESSION)).isEmpty();
    browser.setCookie(site.host, SESSION, cookie);
    assertThat(site.get(browser, "/").status()).as("the cookie is worth nothing").isEqualTo(302);
  }

  @Test
  void endsTheSessionWhenTheProviderSaysSo() throws Exception {
    Site site = scene.site();
    Site other = scene.site();
    Browser browser = new Browser();
    site.logIn(browser, "/", "bob");
    other.logIn(new Browser(), "/", "bob");
    Gateway second = scene.platform.startAnother(scene::configured);
    try (RawClient stream = endless(second.httpPort(), site, browser)) {
      Page form = browser.open(scene.idp.issuer() + "/session/end");
      String xsrf = form.body().replaceAll("(?s).*name=\"xsrf\" value=\"([^\"]*)\".*", "$1");
      browser.submit(form, "xsrf=" + xsrf + "&logout=yes");
      Eventually.holds(() -> site.get(browser, "/").status() == 302);
      assertThat(stream.isClosedByPeer()).as("at the other gateway, too").isTrue();
    } finally {
      second.close();
    }
  }

  private RawClient endless(int port, Site site, Browser browser) throws IOException {
    RawClient stream = new RawClient(port);
    stream.write(
        "GET /?mode=endless HTTP/1.1\r\nHost: %s:%d\r\nCookie: %s=%s\r\n\r\n"
            .formatted(
                site.host,
                scene.platform.gateway.httpPort(),
                SESSION,
                browser.cookie(site.host, SESSION)));
    assertThat(stream.readHead().status()).isEqualTo(200);
    return stream;
  }

  @Test
  void refusesLogoutTokensOfOthers() throws Exception {
    Site site = scene.site();
    for (String form : List.of("", "logout_token=a.b.c", "logout_token=x&logout_token=y")) {
      Response answer =
          new Browser().send(URI.create(site.url("/.gatehouse/backchannel-logout")), "POST", form);
      assertThat(answer.status()).isEqualTo(400);
    }
  }

  @Test
  void tellsNobodyByALogoutTokenWhoseIssuersTheTenantTrusts() throws Exception {
    Site site = scene.site();
    String trusted = descriptionOf(site, site.provider().issuer());
    assertThat(trusted).isEqualTo(descriptionOf(site, "https://stranger.example"));
  }

  private static String descriptionOf(Site site, String issuer) throws IOException {
    String token =
        "%s.%s.%s"
            .formatted(
                part("{'alg':'RS256','kid':'made-up'}"),
                part("{'iss':'" + issuer + "'}"),
                part("x"));
    Response answer =
        new Browser()
            .send(
                URI.create(site.url("/.gatehouse/backchannel-logout")),
                "POST",
                "logout_token=" + token);
    assertThat(answer.status()).isEqualTo(400);
    return answer.body();
  }

  private static String part(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.replace('\'', '"').getBytes(UTF_8));
  }

  @Test
  void endsWhenTheTenantRevokesOrRemovesTheProvider() throws Exception {
    Site site = scene.site();
    Browser browser = new Browser();
    site.logIn(browser, "/", "alice");
    try (RawClient stream = endless(scene.platform.gateway.httpPort(), site, browser)) {
      scene.revoke(site.provider(), "alice@acme.example");
      assertThat(stream.isClosedByPeer()).isTrue();
      assertThat(site.get(browser, "/").status()).isEqualTo(302);
    }
    scene.platform.feed.awaitApplied(
        scene.platform.feed.remove(
            EdgeObject.Kind.IDENTITY_PROVIDER, site.provider().id().toString()));
    assertThat(site.get(browser, "/").status()).isEqualTo(302);
    assertThat(browser.open(site.url("/.gatehouse/login")).status()).isEqualTo(403);
  }

  @Test
  void asksTheProviderAgainInTime() throws Exception {
    Site site = scene.site();
    Browser browser = new Browser();
    site.logIn(browser, "/", "alice");
    try {
      for (int i = 1; i <= 3; i++) {
        scene.turnClock(Duration.ofSeconds(61L * i));
        assertThat(site.get(browser, "/").status()).as("refresh %d", i).isEqualTo(200);
        assertThat(site.get(browser, "/").status()).isEqualTo(200);
      }
      scene.turnClock(Duration.ofHours(13));
      assertThat(site.get(browser, "/").status()).as("12 hours are over").isEqualTo(302);
    } finally {
      scene.turnClock(Duration.ZERO);
    }
  }

  @Test
  void letsAllRequestsWaitThatComeWhileTheProviderIsAsked() throws Exception {
    Site site = scene.site();
    Browser browser = new Browser();
    site.logIn(browser, "/", "alice");
    try {
      scene.turnClock(Duration.ofMinutes(20));
      List<CompletableFuture<Integer>> answers =
          Stream.generate(() -> CompletableFuture.supplyAsync(() -> statusAt(site, browser)))
              .limit(6)
              .toList();
      for (CompletableFuture<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(200);
      }
    } finally {
      scene.turnClock(Duration.ZERO);
    }
  }

  private static int statusAt(Site site, Browser browser) {
    try {
      return RawClient.send(
              URI.create(site.origin()).getPort(),
              "GET / HTTP/1.1",
              "Host: " + URI.create(site.origin()).getAuthority(),
              "Cookie: " + SESSION + "=" + browser.cookie(site.host, SESSION))
          .status();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void outlivesAnIdentityProviderThatIsDownForAWhile() throws Exception {
    try (IdentityProvider mortal = new IdentityProvider()) {
      Site site =
          scene
          .new Site(
              "t-" + UUID.randomUUID() + ".localhost",
              Set.of(AuthenticationMethod.SESSION),
              mortal);
      site.trust("mortal", Optional.empty());
      Browser browser = new Browser();
      site.logIn(browser, "/", "alice");
      mortal.breakDown();
      scene.turnClock(Duration.ofMinutes(2));
      assertThat(site.get(browser, "/").status()).isEqualTo(200);
      scene.turnClock(Duration.ofMinutes(30));
      assertThat(site.get(browser, "/").status()).isEqualTo(503);
    } finally {
      scene.turnClock(Duration.ZERO);
    }
  }

  @Test
  void needsHttpsButAtLocalhost() throws Exception {
    Site site = scene.site();
    Response refused =
        RawClient.send(
            scene.platform.gateway.httpPort(),
            "GET /.gatehouse/login HTTP/1.1",
            "Host: " + site.tenant.host());
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("https only");
  }

  @Test
  void leavesTheApplicationsPathsAloneWhereNobodyLogsIn() throws Exception {
    EdgeTenant keysOnly = scene.platform.tenant().edge();
    Response refused =
        RawClient.send(
            scene.platform.gateway.httpPort(),
            "GET /.gatehouse/login HTTP/1.1",
            "Host: " + keysOnly.slug() + "." + Platform.BASE_DOMAIN);
    assertThat(refused.status()).isEqualTo(401);
  }
}
