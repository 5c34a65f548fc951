package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AccountMembership;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.gateway.Contexts;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.outside.Browser.Page;
import dev.gatehouse.gateway.outside.LoginScene.Site;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users who enter several tenants by one login, at hosts that have no domain in common. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountIT {
  private static final String SESSION = LoginScene.SESSION;
  private static final Set<AuthenticationMethod> BY_ACCOUNT = Set.of(AuthenticationMethod.ACCOUNT);

  private LoginScene scene;
  private Site account;
  private Site acme;
  private Site globex;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    scene = new LoginScene(folder);
    account =
        scene.new Site(LoginScene.ACCOUNT_HOST, Set.of(AuthenticationMethod.SESSION), scene.idp);
    account.trust("platform", Optional.empty());
  }

  @BeforeEach
  void tenants() throws Exception {
    acme = scene.new Site("acme-" + UUID.randomUUID() + ".localhost", BY_ACCOUNT, scene.idp);
    globex = scene.new Site("globex-" + UUID.randomUUID() + ".localhost", BY_ACCOUNT, scene.idp);
    join("alice", acme, "admin");
    join("alice", globex, "viewer");
  }

  @AfterEach
  void leave() {
    scene.platform.feed.removeMember("alice");
    scene.platform.feed.removeMember("bob");
    scene.turnClock(Duration.ZERO);
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  private void join(String user, Site site, String role) {
    scene.platform.feed.addMember(
        user,
        new AccountMembership(
            site.tenant.edge().id(), site.tenant.edge().slug().value(), site.host, role));
  }

  private Page logIn(Browser browser, Site site, String path, String user) throws IOException {
    Page form = browser.open(site.url(path));
    assertThat(form.url().toString()).startsWith(scene.idp.issuer() + "/interaction/");
    return browser.submit(form, "user=" + user);
  }

  @Test
  void entersTheSecondTenantWithoutLoggingInAgain() throws Exception {
    Browser browser = new Browser();
    Page first = logIn(browser, acme, "/orders?page=2", "alice");
    assertThat(first.url()).hasToString(acme.url("/orders?page=2"));
    JsonObject context = Contexts.in(scene.platform.upstream.last());
    assertThat(context.getString("sub")).isEqualTo("alice@acme.example");
    assertThat(context.getJsonArray("roles")).containsExactly("admin");
    assertThat(context.getJsonArray("amr")).containsExactly("account");

    Page second = browser.open(globex.url("/bills"));
    assertThat(second.url()).hasToString(globex.url("/bills"));
    assertThat(Contexts.in(scene.platform.upstream.last()).getJsonArray("roles"))
        .containsExactly("viewer");
    assertThat(scene.platform.feed.entered())
        .contains("alice " + acme.tenant.edge().slug(), "alice " + globex.tenant.edge().slug());
  }

  @Test
  void listsTheTenantsThatTheUserIsAMemberOf() throws Exception {
    Browser browser = new Browser();
    logIn(browser, acme, "/", "alice");
    Page list = browser.open(acme.url("/.gatehouse/tenants"));
    assertThat(list.url()).hasToString(account.url("/.gatehouse/tenants"));
    assertThat(list.body())
        .contains(acme.host, globex.host, "viewer", "alice@acme.example")
        .doesNotContain("<script");
    Response json =
        browser.send(
            URI.create(account.url("/.gatehouse/tenants")), "GET", "", "Accept: application/json");
    assertThat(json.status()).isEqualTo(200);

    String link =
        list.body()
            .replaceAll(
                "(?s).*href=\"([^\"]*" + globex.tenant.edge().slug() + "\\.[^\"]*)\".*", "$1");
    assertThat(link).contains("/.gatehouse/login?provider=account");
  }

  /** Pages there would stand beside sessions that open all tenants. */
  @Test
  void servesNoApplicationAtTheAccountHost() throws Exception {
    Browser browser = new Browser();
    logIn(browser, acme, "/", "alice");
    assertThat(browser.open(account.url("/")).url())
        .hasToString(account.url("/.gatehouse/tenants"));
    assertThat(account.get(browser, "/notes").status()).isEqualTo(404);
    assertThat(browser.send(URI.create(account.url("/")), "POST", "").status()).isEqualTo(405);
    assertThat(account.tenant.host()).as("its subdomain").isNotEqualTo(account.host);
  }

  /** The session that comes of them would not count. */
  @Test
  void offersNoProvidersOfItsOwnWhereOnlyTheAccountCounts() throws Exception {
    acme.trust("own", Optional.of("Acme's own"));
    Browser browser = new Browser();
    assertThat(logIn(browser, acme, "/orders", "alice").url()).hasToString(acme.url("/orders"));
    assertThat(acme.get(browser, "/.gatehouse/login?provider=" + acme.provider().id()).status())
        .isEqualTo(400);
  }

  @Test
  void letsNobodyInWhoIsNoMember() throws Exception {
    Browser browser = new Browser();
    Page refused = logIn(browser, acme, "/", "bob");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.url().getHost()).isEqualTo(LoginScene.ACCOUNT_HOST);
    assertThat(refused.body()).contains("href=\"/\"");
    Page unknown =
        browser.open(
            account
                .url("/.gatehouse/enter?to=nobody.localhost&state=%s&challenge=%s")
                .formatted("a".repeat(43), "b".repeat(43)));
    assertThat(unknown.status()).isEqualTo(403);
    assertThat(unknown.body().replaceAll("Request [0-9a-f]+", ""))
        .as("a tenant that is there looks like one that is not")
        .isEqualTo(refused.body().replaceAll("Request [0-9a-f]+", ""));
  }

  /** Where the account host sends the browser, which does not go there. */
  private URI entryOf(Browser browser, Site site) throws IOException {
    Response begun = site.get(browser, "/.gatehouse/login?provider=account&return=/");
    URI enter = URI.create(begun.header("Location"));
    assertThat(enter.getHost()).isEqualTo(LoginScene.ACCOUNT_HOST);
    return URI.create(browser.send(enter, "GET", "").header("Location"));
  }

  @Test
  void takesACodeOnceInTheBrowserThatItIsFor() throws Exception {
    Browser alice = new Browser();
    logIn(alice, acme, "/", "alice");
    URI entry = entryOf(alice, globex);
    assertThat(entry.getHost()).isEqualTo(globex.host);

    Browser victim = new Browser();
    victim.open(globex.url("/"));
    assertThat(victim.open(entry.toString()).status())
        .as("a link with somebody else's code")
        .isEqualTo(400);
    assertThat(victim.cookie(globex.host, SESSION)).isEmpty();

    URI atAcme = URI.create(entry.toString().replace(globex.host, acme.host));
    assertThat(alice.open(atAcme.toString()).status()).as("another tenant").isEqualTo(400);
    String code = entry.getRawQuery().replaceAll(".*code=([^&]*).*", "$1");
    String forged = entry.toString().replace(code, "A".repeat(43));
    assertThat(alice.open(forged).status()).isEqualTo(400);
    assertThat(alice.open(entry.toString()).url()).hasToString(globex.url("/"));
    assertThat(alice.open(entry.toString()).status()).as("used").isEqualTo(400);
  }

  @Test
  void bindsACodeToWhatTheBrowserBegan() throws Exception {
    Browser alice = new Browser();
    logIn(alice, acme, "/", "alice");
    URI first = entryOf(alice, globex);
    URI second = entryOf(alice, globex);
    String state = second.getRawQuery().replaceAll(".*state=([^&]*).*", "$1");
    String mixed = first.toString().replaceAll("state=[^&]*", "state=" + state);
    assertThat(alice.open(mixed).status()).as("the code of another login").isEqualTo(400);
  }

  @Test
  void checksTheMembershipAgainWhenTheCodeIsUsed() throws Exception {
    Browser browser = new Browser();
    logIn(browser, acme, "/", "alice");
    URI entry = entryOf(browser, globex);
    scene.platform.feed.removeMember("alice");
    assertThat(browser.open(entry.toString()).status()).isEqualTo(403);
    assertThat(browser.cookie(globex.host, SESSION)).isEmpty();
  }

  @Test
  void endsWithinAMinuteWhenTheMembershipOrTheAccountsSessionEnds() throws Exception {
    Browser browser = new Browser();
    logIn(browser, acme, "/", "alice");
    browser.open(globex.url("/"));
    Page question = browser.open(account.url("/.gatehouse/logout"));
    browser.submit(question, "");
    scene.turnClock(Duration.ofSeconds(61));
    assertThat(acme.get(browser, "/").status()).isEqualTo(302);
    assertThat(globex.get(browser, "/").status()).isEqualTo(302);
  }

  @Test
  void learnsOfAnotherRoleWithinAMinute() throws Exception {
    Browser browser = new Browser();
    logIn(browser, acme, "/", "alice");
    scene.platform.feed.removeMember("alice");
    join("alice", acme, "viewer");
    scene.turnClock(Duration.ofSeconds(61));
    assertThat(acme.get(browser, "/").status()).isEqualTo(200);
    assertThat(Contexts.in(scene.platform.upstream.last()).getJsonArray("roles"))
        .containsExactly("viewer");
  }

  @Test
  void endsWithinAMinuteWhenTheAccountHostsProviderRevokesTheUser() throws Exception {
    Browser browser = new Browser();
    logIn(browser, acme, "/", "alice");
    EdgeIdentityProvider provider = account.provider();
    try {
      scene.revoke(provider, "alice@acme.example");
      scene.turnClock(Duration.ofSeconds(61));
      assertThat(acme.get(browser, "/").status()).isEqualTo(302);
    } finally {
      scene.platform.feed.awaitApplied(scene.platform.feed.put(provider));
    }
  }

  @Test
  void losesTheSessionWithTheMembership() throws Exception {
    Browser browser = new Browser();
    logIn(browser, acme, "/", "alice");
    scene.platform.feed.removeMember("alice");
    scene.turnClock(Duration.ofSeconds(61));
    assertThat(acme.get(browser, "/").status()).isEqualTo(302);
  }

  @Test
  void leadsToTheAccountHostsLogout() throws Exception {
    Browser browser = new Browser();
    logIn(browser, acme, "/", "alice");
    Page left = browser.submit(browser.open(acme.url("/.gatehouse/logout")), "");
    assertThat(left.url()).hasToString(account.url("/.gatehouse/logout"));
    assertThat(browser.cookie(acme.host, SESSION)).isEmpty();
  }

  @Test
  void isNoWayToATenantThatDoesNotWantIt() throws Exception {
    Site alone = scene.site();
    join("alice", alone, "admin");
    Browser browser = new Browser();
    logIn(browser, acme, "/", "alice");
    assertThat(
            browser
                .open(
                    account
                        .url("/.gatehouse/enter?to=%s&state=%s&challenge=%s")
                        .formatted(alone.host, "a".repeat(43), "b".repeat(43)))
                .status())
        .isEqualTo(403);
    assertThat(alone.get(browser, "/.gatehouse/login?provider=account").status()).isEqualTo(400);
    for (String path : List.of("/.gatehouse/enter?to=a", "/.gatehouse/tenants")) {
      assertThat(alone.get(browser, path).status()).isEqualTo(404);
    }
  }

  @Test
  void isAChoiceWhereATenantHasBoth() throws Exception {
    Site both =
        scene
        .new Site(
            "both-" + UUID.randomUUID() + ".localhost",
            Set.of(AuthenticationMethod.SESSION, AuthenticationMethod.ACCOUNT),
            scene.idp);
    both.trust("own", Optional.of("Both Inc."));
    Page choice = new Browser().open(both.url("/"));
    assertThat(choice.body()).contains("Continue with Both Inc.", "Continue with your account");
  }
}
