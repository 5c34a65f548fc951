package dev.gatehouse.controlplane.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DomainsTest {
  private final ApiClient api = RunningControlPlane.operator();
  private final String tenant = api.post("/v1/tenants", Fresh.tenant()).header("Location");
  private final String domains = tenant + "/domains";

  @Test
  void keepsAHostInItsNormalForm() {
    String host = Fresh.host();
    Reply added = add(host.toUpperCase(Locale.ROOT) + ".");
    assertThat(added.status()).as(added.toString()).isEqualTo(201);
    assertThat(added.json().getString("host")).isEqualTo(host);
    assertThat(hosts("")).containsExactly(host);
  }

  @Test
  void findsAndRemovesAHostInAnySpelling() {
    String host = Fresh.host();
    add(host);
    String spelling = domains + "/" + host.toUpperCase(Locale.ROOT) + ".";
    assertThat(api.get(spelling).json().getString("host")).isEqualTo(host);
    assertThat(api.delete(spelling).status()).isEqualTo(204);
    assertThat(hosts("")).isEmpty();
    assertThat(api.delete(domains + "/" + host).problem()).isEqualTo("domain-not-found");
    assertThat(api.get(domains + "/" + host).problem()).isEqualTo("domain-not-found");
    assertThat(api.get(domains + "/a..b").problem()).isEqualTo("domain-not-found");
  }

  @Test
  void keepsAnInternationalNameInAsciiAndShowsItInUnicode() {
    String label = Fresh.slug();
    Reply added = add(label + ".Straße.example");
    assertThat(added.json().getString("host")).isEqualTo(label + ".xn--strae-oqa.example");
    assertThat(added.json().getString("unicodeHost")).isEqualTo(label + ".straße.example");
    String path = domains + "/" + label + "." + encoded("straße") + ".example";
    assertThat(api.get(path).status()).isEqualTo(200);
    assertThat(add(label + ".xn--strae-oqa.example").problem()).isEqualTo("host-taken");
  }

  @Test
  void refusesAHostThatTheTenantHas() {
    String host = Fresh.host();
    add(host);
    Reply again = add(host);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.problem()).isEqualTo("host-taken");
    assertThat(again.pointers()).containsExactly("/host");
  }

  @Test
  void letsOnlyOperatorsTrustAHostWithoutProof() {
    ApiClient owner = Person.memberOf(tenant, "owner").api();
    String host = Fresh.host();
    Reply refused = owner.post(domains, Fresh.trustedDomain(host));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().getString("detail")).contains("domains:trust");
    assertThat(hosts("")).isEmpty();
    assertThat(owner.post(domains, new JsonObject().put("host", host)).status()).isEqualTo(201);
  }

  @Test
  void letsTwoTenantsClaimAHostButOnlyOneHaveItWithoutProof() {
    String host = Fresh.host();
    String other = api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/domains";
    assertThat(add(host).status()).isEqualTo(201);
    assertThat(api.post(other, Fresh.trustedDomain(host)).status()).isEqualTo(201);
    assertThat(api.get("/v1/tenants?domain=" + host).json().getJsonArray("items")).hasSize(2);

    String third = api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/domains";
    assertThat(api.post(third, Fresh.trustedDomain(host)).problem()).isEqualTo("host-taken");
    assertThat(api.post(third, new JsonObject().put("host", host)).status()).isEqualTo(201);
  }

  @Test
  void refusesHostsOfThePlatform() {
    String base = RunningControlPlane.BASE_DOMAIN;
    for (String host :
        List.of(base, "acme." + base, "a.b." + base, base + ".", "*." + base, "*.a." + base)) {
      Reply reply = add(host);
      assertThat(reply.status()).as(host).isEqualTo(422);
      assertThat(reply.problem()).isEqualTo("host-not-allowed");
    }
    assertThat(add("not" + Fresh.slug() + base).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a..b",
        "127.0.0.1",
        "0177.1",
        "2130706433",
        "[::1]",
        "a_b.c",
        "-a.b",
        "a.b:80",
        "xn--.de",
        "xn--99999999.de",
        "xn--a-0.de",
        "*",
        "*.",
        "a.*.com",
        "**.example.com",
        "*.*.example.com",
        "a b.com",
        "a.b/c",
        "\u2603.example",
        "a\u2028b.com",
        "\u0301a.com"
      })
  void refusesWhatIsNoHostName(String host) {
    Reply reply = add(host);
    assertThat(reply.status()).as(host + " " + reply).isEqualTo(400);
    assertThat(reply.pointers()).containsOnly("/host");
  }

  @Test
  void refusesNamesAndLabelsThatAreTooLong() {
    for (String host :
        List.of("x".repeat(64) + ".de", "a.".repeat(127) + "de", "*." + "a.".repeat(125) + "de")) {
      Reply reply = add(host);
      assertThat(reply.status()).as(host + " " + reply).isEqualTo(400);
      assertThat(reply.pointers()).containsOnly("/host");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost|must have at least two labels",
        "com|must have at least two labels",
        "a.localhost|special use",
        "b.local|special use",
        "co.uk|public suffix",
        "*.co.uk|public suffix",
        "github.io|public suffix",
        "*.com|must have at least two labels",
        "0x7f.0x1|IP address",
        "1.2.3.0x4|IP address",
        "p\u0430ypal.com|mixes scripts",
        "xn--pypal-4ve.com|mixes scripts",
        "\u0430\u0440\u0440\u04cf\u0435.com|mixes scripts",
        "\u0261oogle.com|mixes scripts",
        "g\u0430tehouse.test|mixes scripts"
      })
  void refusesHostsThatNobodyMayHave(String host, String why) {
    Reply reply = add(host);
    assertThat(reply.status()).as(host + " " + reply).isEqualTo(422);
    assertThat(reply.problem()).isEqualTo("host-not-allowed");
    assertThat(reply.json().getString("detail")).as(reply.toString()).contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "münchen.example",
        "例え.example",
        "пример.example",
        "παράδειγμα.example",
        "موقع.example",
        "한국.example",
        "kıta.example"
      })
  void takesNamesOfOneScript(String name) {
    Reply reply = add(Fresh.slug() + "." + name);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    assertThat(reply.json().getString("unicodeHost")).endsWith(name);
  }

  @Test
  void saysWhichRecordsToSet() {
    String host = Fresh.host();
    JsonObject added = add(host).json();
    String slug = api.get(tenant).json().getString("slug");
    JsonArray records = added.getJsonArray("records");
    JsonObject proof = records.getJsonObject(0);
    assertThat(proof.getString("type")).isEqualTo("TXT");
    assertThat(proof.getString("name")).isEqualTo("_gatehouse-challenge." + host);
    String token = proof.getString("value");
    assertThat(token).matches("[A-Za-z0-9_-]{43}");
    assertThat(records.getJsonObject(1))
        .isEqualTo(
            JsonObject.of(
                "purpose",
                "traffic",
                "type",
                "CNAME",
                "name",
                host,
                "value",
                slug + "." + RunningControlPlane.BASE_DOMAIN));
    assertThat(added.getString("zoneFile").lines())
        .containsExactly(
            "_gatehouse-challenge." + host + ". 300 IN TXT \"" + token + "\"",
            host + ". 300 IN CNAME " + slug + "." + RunningControlPlane.BASE_DOMAIN + ".");
    assertThat(added.getJsonObject("httpProof").getString("url"))
        .isEqualTo("http://" + host + "/.well-known/gatehouse-challenge/" + token);
    assertThat(api.get(domains + "/" + host).json().getJsonArray("records")).isEqualTo(records);
  }

  @Test
  void drawsAnotherTokenForEveryClaim() {
    String host = Fresh.host();
    String other = api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/domains";
    String first = token(add(host));
    assertThat(token(api.post(other, new JsonObject().put("host", host)))).isNotEqualTo(first);
    api.delete(domains + "/" + host);
    assertThat(token(add(host))).isNotEqualTo(first);
  }

  @Test
  void provesAWildcardByARecordOfItsParentAlone() {
    String parent = Fresh.host();
    JsonObject added = add("*." + parent).json();
    assertThat(added.getString("host")).isEqualTo("*." + parent);
    assertThat(added.getJsonArray("records").getJsonObject(0).getString("name"))
        .isEqualTo("_gatehouse-challenge." + parent);
    assertThat(added.containsKey("httpProof")).isFalse();
    assertThat(add(parent).status()).isEqualTo(201);
    assertThat(hosts("")).containsExactlyInAnyOrder(parent, "*." + parent);
    assertThat(api.get(domains + "/*." + parent).status()).isEqualTo(200);
    assertThat(api.delete(domains + "/%2A." + parent).status()).isEqualTo(204);
    assertThat(hosts("")).containsExactly(parent);
  }

  @Test
  void namesAnAliasWhereAZoneBeginsAndNoAddressIsConfigured() {
    String apex = Fresh.slug() + ".example";
    JsonObject traffic = add(apex).json().getJsonArray("records").getJsonObject(1);
    assertThat(traffic.getString("type")).isEqualTo("ALIAS");
  }

  @Test
  void hasOnePrimaryDomainAtMost() {
    String first = Fresh.host();
    String second = Fresh.host();
    add(first, new JsonObject().put("role", "primary"));
    add(second, new JsonObject().put("role", "primary"));
    assertThat(role(first)).isEqualTo("alias");
    assertThat(role(second)).isEqualTo("primary");

    Reply patched = api.patch(domains + "/" + first, new JsonObject().put("role", "primary"));
    assertThat(patched.status()).as(patched.toString()).isEqualTo(200);
    assertThat(role(first)).isEqualTo("primary");
    assertThat(role(second)).isEqualTo("alias");
  }

  @Test
  void changesARoleOnlyWhereTheCallerKnowsTheNewestState() {
    String path = domains + "/" + Fresh.host();
    add(path.substring(path.lastIndexOf('/') + 1));
    JsonObject redirect = new JsonObject().put("role", "redirect").put("redirectStatus", 301);
    String tag = api.get(path).header("ETag");
    assertThat(api.patch(path, redirect, "If-Match", "\"999\"").status()).isEqualTo(412);
    Reply changed = api.patch(path, redirect, "If-Match", tag);
    assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
    assertThat(changed.json().getInteger("redirectStatus")).isEqualTo(301);
    assertThat(api.delete(path, "If-Match", tag).status()).isEqualTo(412);
    assertThat(api.get(path, "If-None-Match", changed.header("ETag")).status()).isEqualTo(304);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"role\":\"owner\"}|/role",
        "{\"role\":null,\"redirectStatus\":301}|/redirectStatus",
        "{\"role\":\"redirect\",\"redirectStatus\":302}|/redirectStatus",
        "{\"role\":\"primary\",\"redirectStatus\":308}|/redirectStatus",
        "{\"host\":\"a.example.com\"}|/host",
        "{\"verification\":\"none\"}|/verification",
        "{\"ownership\":{\"state\":\"verified\"}}|/ownership",
        "{\"token\":\"x\"}|/token"
      })
  void refusesAChangeThatIsNone(String patch, String pointer) {
    String host = Fresh.host();
    add(host);
    Reply reply = api.patch(domains + "/" + host, new JsonObject(patch));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    assertThat(reply.pointers()).contains(pointer);
  }

  @Test
  void makesNothingButAnAliasOfAWildcard() {
    Reply reply = add("*." + Fresh.host(), new JsonObject().put("role", "primary"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.pointers()).containsExactly("/role");
  }

  @Test
  void listsByState() {
    String trusted = Fresh.host();
    String pending = Fresh.host();
    api.post(domains, Fresh.trustedDomain(trusted));
    add(pending);
    assertThat(hosts("?state=verified")).containsExactly(trusted);
    assertThat(hosts("?state=pending")).containsExactly(pending);
    assertThat(hosts("?state=lost")).isEmpty();
    assertThat(hosts("?certificate=none")).hasSize(2);
    assertThat(hosts("?certificate=issued")).isEmpty();
    assertThat(api.get(domains + "?state=happy").problem()).isEqualTo("invalid-parameter");
    String cursor = api.get(domains + "?state=pending&limit=1").json().getString("nextCursor");
    assertThat(cursor).isNull();
  }

  @Test
  void looksAtADomainOnceInAWhile() {
    String host = Fresh.host();
    add(host);
    Reply first = api.post(domains + "/" + host + "/verify");
    assertThat(first.status()).as(first.toString()).isEqualTo(202);
    Reply second = api.post(domains + "/" + host + "/verify");
    assertThat(second.status()).isEqualTo(429);
    assertThat(second.problem()).isEqualTo("checked-a-moment-ago");
    assertThat(second.header("Retry-After")).isEqualTo("10");
    assertThat(api.post(domains + "/nobodys.example.com/verify").status()).isEqualTo(404);
  }

  @Test
  void addsNoMoreThanTheTenantMayHave() {
    limitTo(2);
    String first = Fresh.host();
    assertThat(add(first).status()).isEqualTo(201);
    assertThat(add(Fresh.host()).status()).isEqualTo(201);

    Reply third = add(Fresh.host());
    assertThat(third.status()).isEqualTo(409);
    assertThat(third.problem()).isEqualTo("domain-limit-reached");
    assertThat(third.json().getString("detail")).contains("2 custom domains");

    limitTo(1);
    assertThat(hosts("")).hasSize(2);
    limitTo(2);
    api.delete(domains + "/" + first);
    assertThat(add(Fresh.host()).status()).isEqualTo(201);
  }

  @Test
  void keepsToTheLimitWhereDomainsAreAddedAtOnce() {
    limitTo(3);

    List<Reply> replies = Concurrently.call(8, _ -> add(Fresh.host()));

    assertThat(replies).extracting(Reply::status).containsOnly(201, 409);
    assertThat(hosts("")).hasSize(3);
  }

  @Test
  void boundsTheDomainsThatAreNotVerified() {
    for (int i = 0; i < 20; i++) {
      assertThat(add(Fresh.host()).status()).isEqualTo(201);
    }
    Reply refused = add(Fresh.host());
    assertThat(refused.problem()).isEqualTo("domain-limit-reached");
    assertThat(refused.json().getString("detail")).contains("20 custom domains");
    assertThat(api.post(domains, Fresh.trustedDomain(Fresh.host())).status()).isEqualTo(201);
  }

  private void limitTo(int most) {
    JsonObject limits = new JsonObject().put("customDomains", most);
    assertThat(api.patch(tenant, new JsonObject().put("limits", limits)).status()).isEqualTo(200);
  }

  private Reply add(String host) {
    return add(host, new JsonObject());
  }

  private Reply add(String host, JsonObject more) {
    return api.post(domains, new JsonObject().put("host", host).mergeIn(more));
  }

  private String role(String host) {
    return api.get(domains + "/" + host).json().getString("role");
  }

  private static String token(Reply added) {
    return added.json().getJsonArray("records").getJsonObject(0).getString("value");
  }

  private List<String> hosts(String query) {
    return api.get(domains + query).json().getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getString("host"))
        .toList();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
