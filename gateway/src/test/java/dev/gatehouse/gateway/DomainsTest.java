package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.DomainChallenge;
import dev.gatehouse.contract.edge.EdgeDomains;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.HostRedirect;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wildcards, redirects between hosts, and challenges. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DomainsTest {
  private static final String TOKEN = "dG9rZW4tb2YtYWNtZQ";
  private static final String ANSWER = TOKEN + ".YW5zd2VyLW9mLWFjbWU";

  private final String domain = UUID.randomUUID() + ".example";
  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @Test
  void servesEveryNameOneLabelBelowAWildcard() throws Exception {
    TestTenant tenant = tenant(List.of(), wildcard("a." + domain));

    assertThat(get("any.a." + domain, "/").status()).isEqualTo(200);
    assertThat(tenantOfLast()).isEqualTo(id(tenant));
    assertThat(get("OTHER.a." + domain + ".", "/").status()).isEqualTo(200);

    assertThat(get("a." + domain, "/").status()).isEqualTo(404);
    assertThat(get("two.labels.a." + domain, "/").status()).isEqualTo(404);
    assertThat(get("*.a." + domain, "/").status()).isEqualTo(400);
  }

  @Test
  void prefersAHostThatIsNamedToAWildcard() throws Exception {
    tenant(List.of(), wildcard("b." + domain));
    TestTenant named = tenant(List.of(new Hostname("shop.b." + domain)), EdgeDomains.NONE);

    assertThat(get("shop.b." + domain, "/").status()).isEqualTo(200);
    assertThat(tenantOfLast()).isEqualTo(id(named));
  }

  @Test
  void servesByTheWildcardAgainWhenTheNamedHostIsGone() throws Exception {
    TestTenant wild = tenant(List.of(), wildcard("c." + domain));
    TestTenant named = tenant(List.of(new Hostname("shop.c." + domain)), EdgeDomains.NONE);

    put(Platform.withHosts(named.edge(), List.of()));

    assertThat(get("shop.c." + domain, "/").status()).isEqualTo(200);
    assertThat(tenantOfLast()).isEqualTo(id(wild));
  }

  @Test
  void servesNothingByAWildcardThatWasTakenAway() throws Exception {
    TestTenant tenant = tenant(List.of(), wildcard("d." + domain));

    put(with(tenant.edge(), EdgeDomains.NONE));

    assertThat(get("any.d." + domain, "/").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 308})
  void redirectsWithPathQueryAndPort(int status) throws Exception {
    String old = "old" + status + "." + domain;
    tenant(List.of(new Hostname("www.e." + domain)), redirect(old, "www.e." + domain, status));

    Response response = get(old + ":8080", "/a/b?c=%20d");

    assertThat(response.status()).isEqualTo(status);
    assertThat(response.header("Location"))
        .isEqualTo("http://www.e." + domain + ":8080/a/b?c=%20d");
    assertThat(response.header("Cache-Control")).isEqualTo("max-age=3600");
    assertThat(get(old, "/").header("Location")).isEqualTo("http://www.e." + domain + "/");
  }

  @Test
  void redirectsAnOldSubdomainUntilItIsForgotten() throws Exception {
    String old = "old-name." + Platform.BASE_DOMAIN;
    TestTenant tenant = platform.tenant(DomainsTest::open);
    put(with(tenant.edge(), redirect(old, tenant.host(), 308)));

    assertThat(get(old, "/x").header("Location")).isEqualTo("http://" + tenant.host() + "/x");

    put(with(tenant.edge(), EdgeDomains.NONE));
    assertThat(get(old, "/x").status()).isEqualTo(404);
  }

  @Test
  void servesItsOwnSubdomainWhateverIsSaidOfRedirects() throws Exception {
    TestTenant tenant = platform.tenant(DomainsTest::open);

    put(with(tenant.edge(), redirect(tenant.host(), "elsewhere." + domain, 308)));

    assertThat(get(tenant.host(), "/").status()).isEqualTo(200);
  }

  @Test
  void redirectsNobodyForATenantThatIsNotServed() throws Exception {
    String old = "old.f." + domain;
    TestTenant tenant = tenant(List.of(), redirect(old, "www.f." + domain, 308));

    put(
        new EdgeTenant(
            tenant.edge().id(),
            tenant.edge().slug(),
            TenantStatus.SUSPENDED,
            List.of(),
            tenant.edge().authentication(),
            tenant.edge().limits(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            tenant.edge().domains(),
            tenant.edge().name()));

    assertThat(get(old, "/").status()).isEqualTo(403);
  }

  @Test
  void answersTheChallengeOfAHostThatItDoesNotServe() throws Exception {
    String host = "new.g." + domain;
    TestTenant tenant = tenant(List.of(), challenge(host, TOKEN));

    Response response = get(host, DomainChallenge.PATH + TOKEN);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(ANSWER);
    assertThat(response.header("Content-Type")).isEqualTo("text/plain");
    assertThat(response.header("Cache-Control")).isEqualTo("no-store");
    assertThat(get(host, "/").status()).isEqualTo(404);

    put(with(tenant.edge(), EdgeDomains.NONE));
    assertThat(get(host, DomainChallenge.PATH + TOKEN).status()).isEqualTo(404);
  }

  @Test
  void answersNoOtherChallenge() throws Exception {
    String host = "new.h." + domain;
    tenant(List.of(), challenge(host, TOKEN));

    assertThat(get("other.h." + domain, DomainChallenge.PATH + TOKEN).status()).isEqualTo(404);
    assertThat(get(host, DomainChallenge.PATH).status()).isEqualTo(404);
    assertThat(get(host, DomainChallenge.PATH + TOKEN + "x").status()).isEqualTo(404);
    assertThat(get(host, DomainChallenge.PATH + TOKEN + "/").status()).isEqualTo(404);
    Response posted =
        RawClient.send(
            platform.gateway.httpPort(),
            "POST " + DomainChallenge.PATH + TOKEN + " HTTP/1.1",
            "Host: " + host,
            "Content-Length: 0");
    assertThat(posted.status()).isEqualTo(404);
  }

  @Test
  void answersTheChallengesOfTwoTenantsForOneHost() throws Exception {
    String host = "new.i." + domain;
    TestTenant first = tenant(List.of(), challenge(host, TOKEN));
    tenant(List.of(), challenge(host, "c2Vjb25kLXRva2Vu"));

    put(with(first.edge(), EdgeDomains.NONE));

    assertThat(get(host, DomainChallenge.PATH + TOKEN).status()).isEqualTo(404);
    assertThat(get(host, DomainChallenge.PATH + "c2Vjb25kLXRva2Vu").status()).isEqualTo(200);
  }

  @Test
  void letsTheTenantHaveWhatIsNoChallengeOfItsHost() throws Exception {
    tenant(List.of(new Hostname("www.j." + domain)), EdgeDomains.NONE);

    assertThat(get("www.j." + domain, DomainChallenge.PATH + TOKEN).status()).isEqualTo(200);
    assertThat(platform.upstream.last().uri()).isEqualTo(DomainChallenge.PATH + TOKEN);
  }

  private Response get(String host, String target) throws Exception {
    return RawClient.send(
        platform.gateway.httpPort(), "GET " + target + " HTTP/1.1", "Host: " + host);
  }

  private TestTenant tenant(List<Hostname> hosts, EdgeDomains domains) throws Exception {
    return platform.tenant(tenant -> with(Platform.withHosts(open(tenant), hosts), domains));
  }

  private void put(EdgeTenant tenant) throws Exception {
    platform.feed.awaitApplied(platform.feed.put(tenant));
  }

  private String tenantOfLast() throws Exception {
    return platform.upstream.last().values("X-Tenant-Id").getFirst();
  }

  private static String id(TestTenant tenant) {
    return tenant.edge().id().toString();
  }

  private static EdgeTenant open(EdgeTenant tenant) {
    return Platform.with(tenant, Set.of(AuthenticationMethod.ANONYMOUS));
  }

  private static EdgeTenant with(EdgeTenant t, EdgeDomains domains) {
    return new EdgeTenant(
        t.id(),
        t.slug(),
        t.status(),
        t.hosts(),
        Set.of(AuthenticationMethod.ANONYMOUS),
        t.limits(),
        t.weight(),
        t.apiVersion(),
        t.services(),
        t.plan(),
        Optional.of(domains),
        t.name());
  }

  private static EdgeDomains wildcard(String parent) {
    return new EdgeDomains(
        Optional.of(List.of(new Hostname(parent))), Optional.empty(), Optional.empty());
  }

  private static EdgeDomains redirect(String host, String to, int status) {
    HostRedirect redirect =
        new HostRedirect(new Hostname(host), new Hostname(to), OptionalInt.of(status));
    return new EdgeDomains(Optional.empty(), Optional.of(List.of(redirect)), Optional.empty());
  }

  private static EdgeDomains challenge(String host, String token) {
    DomainChallenge challenge =
        new DomainChallenge(new Hostname(host), token, token + ".YW5zd2VyLW9mLWFjbWU");
    return new EdgeDomains(Optional.empty(), Optional.empty(), Optional.of(List.of(challenge)));
  }
}
