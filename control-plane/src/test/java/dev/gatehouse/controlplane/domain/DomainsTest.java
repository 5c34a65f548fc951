package dev.gatehouse.controlplane.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DomainsTest {
  private final ApiClient api = RunningControlPlane.operator();
  private final String domains =
      api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/domains";

  @Test
  void keepsAHostInItsNormalForm() {
    String host = Fresh.host();
    Reply added = add(host.toUpperCase(java.util.Locale.ROOT) + ".");
    assertThat(added.status()).as(added.toString()).isEqualTo(201);
    assertThat(added.json().getString("host")).isEqualTo(host);
    assertThat(hosts()).containsExactly(host);
  }

  @Test
  void removesAHostInAnySpelling() {
    String host = Fresh.host();
    add(host);
    assertThat(api.delete(domains + "/" + host.toUpperCase(java.util.Locale.ROOT)).status())
        .isEqualTo(204);
    assertThat(hosts()).isEmpty();
    assertThat(api.delete(domains + "/" + host).problem()).isEqualTo("domain-not-found");
  }

  @Test
  void refusesAHostThatIsRegistered() {
    String host = Fresh.host();
    add(host);
    Reply again = add(host);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.problem()).isEqualTo("host-taken");
    assertThat(again.pointers()).containsExactly("/host");
  }

  @Test
  void refusesHostsOfThePlatform() {
    String base = RunningControlPlane.BASE_DOMAIN;
    for (String host : List.of(base, "acme." + base, "a.b." + base, base + ".", "localhost")) {
      Reply reply = add(host);
      assertThat(reply.status()).as(host).isEqualTo(422);
      assertThat(reply.problem()).isEqualTo("host-not-allowed");
    }
    assertThat(add("not" + Fresh.slug() + base).status()).isEqualTo(201);
  }

  @Test
  void refusesWhatIsNoHostName() {
    for (String host :
        List.of(
            "",
            "a..b",
            "127.0.0.1",
            "0177.1",
            "a_b.c",
            "-a.b",
            "ä.de",
            "a.b:80",
            "xn--.de",
            "*.example.com",
            "x".repeat(64) + ".de",
            "a.".repeat(127) + "de")) {
      Reply reply = add(host);
      assertThat(reply.status()).as(host + " " + reply).isEqualTo(400);
      assertThat(reply.pointers()).containsOnly("/host");
    }
  }

  @Test
  void addsNoMoreThanTheTenantMayHave() {
    String tenant = domains.substring(0, domains.lastIndexOf('/'));
    limitTo(tenant, 2);
    String first = Fresh.host();
    assertThat(add(first).status()).isEqualTo(201);
    assertThat(add(Fresh.host()).status()).isEqualTo(201);

    Reply third = add(Fresh.host());
    assertThat(third.status()).isEqualTo(409);
    assertThat(third.problem()).isEqualTo("domain-limit-reached");
    assertThat(third.json().getString("detail")).contains("2 custom domains");

    limitTo(tenant, 1);
    assertThat(hosts()).hasSize(2);
    limitTo(tenant, 2);
    api.delete(domains + "/" + first);
    assertThat(add(Fresh.host()).status()).isEqualTo(201);
  }

  @Test
  void keepsToTheLimitWhereDomainsAreAddedAtOnce() {
    limitTo(domains.substring(0, domains.lastIndexOf('/')), 3);

    List<Reply> replies = Concurrently.call(8, _ -> add(Fresh.host()));

    assertThat(replies).extracting(Reply::status).containsOnly(201, 409);
    assertThat(hosts()).hasSize(3);
  }

  private void limitTo(String tenant, int domains) {
    JsonObject limits = new JsonObject().put("customDomains", domains);
    assertThat(api.patch(tenant, new JsonObject().put("limits", limits)).status()).isEqualTo(200);
  }

  private Reply add(String host) {
    return api.post(domains, new JsonObject().put("host", host));
  }

  private List<String> hosts() {
    return api.get(domains).json().getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getString("host"))
        .toList();
  }
}
