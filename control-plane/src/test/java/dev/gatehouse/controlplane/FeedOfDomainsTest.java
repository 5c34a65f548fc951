package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.DomainChallenge;
import dev.gatehouse.contract.edge.EdgeDomains;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.HostRedirect;
import dev.gatehouse.contract.tenant.Hostname;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gateway is told of domains. */
@Timeout(60)
class FeedOfDomainsTest {
  private final ControlPlane controlPlane =
      ControlPlane.start(RunningControlPlane.config(MigratedDatabase.freshUrl()));
  private final ApiClient api = RunningControlPlane.operatorOf(controlPlane);
  private TestGateway gateway;
  private String slug = "";
  private String tenant = "";

  @BeforeEach
  void connect() throws Exception {
    String token = controlPlane.firstTokens().orElseThrow().gatewayToken();
    gateway = TestGateway.connect("gw", controlPlane.port(), token);
    JsonObject wanted = Fresh.tenant();
    slug = wanted.getString("slug");
    tenant = api.post("/v1/tenants", wanted).header("Location");
    assertThat(gateway.next(EdgeTenant.class).domains()).isEmpty();
  }

  @AfterEach
  void stop() {
    gateway.close();
    controlPlane.close();
  }

  @Test
  void tellsOfADomainThatIsNotProvedWhatToAnswerThereAndNothingElse() throws Exception {
    String host = Fresh.host();
    JsonObject added = api.post(tenant + "/domains", new JsonObject().put("host", host)).json();

    EdgeTenant told = gateway.next(EdgeTenant.class);

    assertThat(told.hosts()).isEmpty();
    DomainChallenge challenge = told.domains().orElseThrow().challenges().orElseThrow().getFirst();
    assertThat(challenge.host()).hasToString(host);
    assertThat("http://" + host + DomainChallenge.PATH + challenge.token())
        .isEqualTo(added.getJsonObject("httpProof").getString("url"));
    assertThat(challenge.answer()).isEqualTo(added.getJsonObject("httpProof").getString("body"));

    api.delete(tenant + "/domains/" + host);
    assertThat(gateway.next(EdgeTenant.class).domains()).isEmpty();
  }

  @Test
  void tellsOfAWildcard() throws Exception {
    String parent = Fresh.host();
    api.post(tenant + "/domains", Fresh.trustedDomain("*." + parent));

    EdgeTenant told = gateway.next(EdgeTenant.class);

    assertThat(told.hosts()).isEmpty();
    EdgeDomains domains = told.domains().orElseThrow();
    assertThat(domains.wildcards()).contains(List.of(new Hostname(parent)));
    assertThat(domains.challenges()).isEmpty();
  }

  @Test
  void redirectsToTheSubdomainUntilThereIsAPrimaryDomain() throws Exception {
    String old = Fresh.host();
    String primary = Fresh.host();
    api.post(
        tenant + "/domains",
        Fresh.trustedDomain(old).put("role", "redirect").put("redirectStatus", 301));
    Hostname subdomain = new Hostname(slug + "." + RunningControlPlane.BASE_DOMAIN);
    assertThat(redirects()).containsExactly(redirect(old, subdomain, OptionalInt.of(301)));

    api.post(tenant + "/domains", new JsonObject().put("host", primary).put("role", "primary"));
    assertThat(redirects()).containsExactly(redirect(old, subdomain, OptionalInt.of(301)));

    api.delete(tenant + "/domains/" + primary);
    gateway.next(EdgeTenant.class);
    api.post(tenant + "/domains", Fresh.trustedDomain(primary).put("role", "primary"));
    assertThat(redirects())
        .containsExactly(redirect(old, new Hostname(primary), OptionalInt.of(301)));

    api.patch(tenant + "/domains/" + primary, new JsonObject().put("role", "redirect"));
    assertThat(redirects()).extracting(HostRedirect::to).containsOnly(subdomain);
  }

  @Test
  void redirectsFromTheSubdomainThatATenantHad() throws Exception {
    String next = Fresh.slug();
    api.patch(tenant, new JsonObject().put("slug", next));
    assertThat(redirects()).containsExactly(renamed(slug, next));

    String last = Fresh.slug();
    api.patch(tenant, new JsonObject().put("slug", last));
    assertThat(redirects()).containsExactlyInAnyOrder(renamed(slug, last), renamed(next, last));

    api.patch(tenant, new JsonObject().put("slug", slug));
    assertThat(redirects()).containsExactlyInAnyOrder(renamed(next, slug), renamed(last, slug));
  }

  private List<HostRedirect> redirects() throws InterruptedException {
    return gateway.next(EdgeTenant.class).domains().orElseThrow().redirects().orElseThrow();
  }

  private static HostRedirect renamed(String from, String to) {
    String base = "." + RunningControlPlane.BASE_DOMAIN;
    return redirect(from + base, new Hostname(to + base), OptionalInt.empty());
  }

  private static HostRedirect redirect(String host, Hostname to, OptionalInt status) {
    return new HostRedirect(new Hostname(host), to, status);
  }
}
