package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.client.AddressHeader;
import dev.gatehouse.gateway.client.ProxyConfig;
import dev.gatehouse.gateway.client.ProxyProtocol;
import dev.gatehouse.gateway.security.ProbingConfig;
import dev.gatehouse.gateway.security.SecurityConfig;
import dev.gatehouse.gateway.session.SessionKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of sources that try many hosts or credentials, and what does not. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProbingTest {
  private static final int SLOW_FROM = 5;
  private static final int BLOCK_FROM = 10;
  private static final int BLOCK_FROM_REFUSALS = 30;

  /** Different things of which it may not be seen that they differ, as they fall on one bit. */
  private static final int UNNOTICED = 4;

  private final AtomicInteger lastSource = new AtomicInteger();

  private EmbeddedRedis redis;
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start(@TempDir Path scratch) throws Exception {
    redis = EmbeddedRedis.start(scratch, 0);
    platform = new Platform(this::configured);
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
    redis.close();
  }

  /** Clients say where they come from, as behind a proxy of ours. */
  private GatewayConfig configured(GatewayConfig config) {
    ProxyConfig proxies =
        new ProxyConfig(
            List.of(AddressRange.parse("127.0.0.1")),
            AddressHeader.X_FORWARDED_FOR,
            ProxyProtocol.OFF);
    ProbingConfig probing =
        new ProbingConfig(
            Duration.ofHours(1),
            SLOW_FROM,
            Duration.ofMillis(20),
            BLOCK_FROM,
            BLOCK_FROM_REFUSALS,
            Duration.ofHours(1),
            1000,
            List.of(AddressRange.parse("198.51.100.7")));
    SecurityConfig security = new SecurityConfig(Duration.ofHours(1), 50, 3, 1000, probing);
    return Platform.withRedis(
        Platform.with(Platform.behind(config, proxies), security), redis.url());
  }

  /** One that no other test uses. */
  private String source() {
    return "203.0.113." + lastSource.incrementAndGet();
  }

  private Response get(String source, String host, String... headers) throws Exception {
    List<String> lines = new ArrayList<>(List.of("GET / HTTP/1.1", "Host: " + host));
    lines.add("X-Forwarded-For: " + source);
    lines.addAll(List.of(headers));
    return RawClient.send(platform.gateway.httpPort(), lines.toArray(String[]::new));
  }

  private void tryHosts(String source) throws Exception {
    for (int i = 0; i < BLOCK_FROM + UNNOTICED; i++) {
      get(source, "nobody-" + i + ".example.org");
    }
  }

  private int statusOfHonest(String source) throws Exception {
    return get(source, tenant.host(), key(tenant)).status();
  }

  private static String key(TestTenant tenant) {
    return "X-API-Key: " + tenant.key().reveal();
  }

  private HttpResponse<String> admin(String method, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + platform.gateway.adminPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private List<String> blocked() throws Exception {
    JsonArray sources = new JsonObject(admin("GET", "/blocked").body()).getJsonArray("blocked");
    return sources.stream().map(one -> ((JsonObject) one).getString("source")).toList();
  }

  @Test
  void blocksWhoTriesManyHostsAndNobodyElse() throws Exception {
    String source = source();
    for (int i = 0; i < BLOCK_FROM - 1; i++) {
      assertThat(get(source, "nobody-" + i + ".example.org").status()).isEqualTo(404);
    }
    tryHosts(source);

    Response refused = get(source, tenant.host(), key(tenant));

    assertThat(refused.status()).isEqualTo(429);
    assertThat(new JsonObject(refused.body()).getString("type")).endsWith("/source-blocked");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(3500, 3601);
    assertThat(statusOfHonest(source())).isEqualTo(200);
    assertThat(blocked()).contains(source + "/32");
  }

  @Test
  void blocksWhoTriesOneKeyAtManyTenants() throws Exception {
    String source = source();
    TestTenant other = platform.tenant();
    for (int i = 0; i < BLOCK_FROM; i++) {
      assertThat(get(source, platform.tenant().host(), key(other)).status()).isEqualTo(401);
    }
    for (int i = 0; i < UNNOTICED; i++) {
      get(source, platform.tenant().host(), key(other));
    }

    assertThat(statusOfHonest(source)).isEqualTo(429);
  }

  @Test
  void blocksWhoTriesManyKeysAtOneTenant() throws Exception {
    String source = source();
    for (int i = 0; i < BLOCK_FROM + UNNOTICED; i++) {
      get(source, tenant.host(), "X-API-Key: guess-" + i);
    }

    assertThat(statusOfHonest(source)).isEqualTo(429);
  }

  /** {@code Aa} and {@code BB} are one to {@link String#hashCode()}. */
  @Test
  void blocksWhoTriesKeysThatAreOfOneHashCode() throws Exception {
    String source = source();
    for (int i = 0; i < BLOCK_FROM + UNNOTICED; i++) {
      String guess = Integer.toBinaryString(16 + i).replace("0", "Aa").replace("1", "BB");
      get(source, tenant.host(), "X-API-Key: " + guess);
    }

    assertThat(statusOfHonest(source)).isEqualTo(429);
  }

  @Test
  void blocksTheNetworkOfAnIpv6Address() throws Exception {
    for (int i = 0; i < BLOCK_FROM + UNNOTICED; i++) {
      get("2001:db8:0:7::" + i, "nobody-" + i + ".example.org");
    }

    assertThat(statusOfHonest("2001:db8:0:7:ffff::1")).isEqualTo(429);
    assertThat(statusOfHonest("2001:db8:0:8::1")).isEqualTo(200);
    assertThat(blocked()).contains("2001:db8:0:7::/64");
  }

  @Test
  void answersLateBeforeItBlocks() throws Exception {
    String source = source();
    double before = slowed();
    for (int i = 0; i < SLOW_FROM - 1; i++) {
      get(source, "nobody-" + i + ".example.org");
    }
    assertThat(slowed()).isEqualTo(before);

    for (int i = 0; i <= UNNOTICED && slowed() == before; i++) {
      assertThat(get(source, "one-more-" + i + ".example.org").status()).isEqualTo(404);
    }

    assertThat(slowed()).isEqualTo(before + 1);
    assertThat(statusOfHonest(source)).isEqualTo(200);
  }

  private double slowed() throws Exception {
    return admin("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("gatehouse_probing_slowed_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  /** A client that was set up wrongly, and one that asks without a key at every tenant. */
  @Test
  void letsBeWhoDoesTheSameWrongThingAgain() throws Exception {
    String source = source();
    for (int i = 0; i < BLOCK_FROM_REFUSALS - 1; i++) {
      get(source, tenant.host(), "X-API-Key: outworn");
      get(source, platform.tenant().host());
    }

    assertThat(statusOfHonest(source)).isEqualTo(200);
  }

  @Test
  void blocksWhoIsRefusedFarTooOften() throws Exception {
    String source = source();
    for (int i = 0; i < BLOCK_FROM_REFUSALS; i++) {
      get(source, tenant.host(), "X-API-Key: outworn");
    }

    assertThat(statusOfHonest(source)).isEqualTo(429);
  }

  /** Each costs a look at Redis; the sessions of a whole office may end in one night, though. */
  @Test
  void countsMadeUpSessionsAsRefusalsOnly() throws Exception {
    String source = source();
    TestTenant site =
        platform.tenant(t ->
            Platform.with(t, Set.of(AuthenticationMethod.SESSION, AuthenticationMethod.API_KEY)));
    for (int i = 0; i < BLOCK_FROM_REFUSALS - 1; i++) {
      assertThat(get(source, site.host(), madeUpSession(site)).status()).isEqualTo(401);
    }
    assertThat(statusOfHonest(source)).isEqualTo(200);

    get(source, site.host(), madeUpSession(site));

    assertThat(statusOfHonest(source)).isEqualTo(429);
  }

  private static String madeUpSession(TestTenant site) {
    return "Cookie: __Host-gatehouse-session="
        + SessionKey.generate(site.edge().id(), site.host()).reveal();
  }

  @Test
  void letsBeWhomTheOperatorTrusts() throws Exception {
    for (int i = 0; i < BLOCK_FROM + UNNOTICED; i++) {
      get("198.51.100.7", "nobody-" + i + ".example.org");
    }

    assertThat(statusOfHonest("198.51.100.7")).isEqualTo(200);
  }

  @Test
  void letsInAgainWhomTheOperatorUnblocks() throws Exception {
    String source = source();
    tryHosts(source);
    assertThat(statusOfHonest(source)).isEqualTo(429);

    assertThat(admin("DELETE", "/blocked?address=" + source).statusCode()).isEqualTo(200);

    assertThat(statusOfHonest(source)).isEqualTo(200);
    assertThat(blocked()).doesNotContain(source + "/32");
    assertThat(admin("DELETE", "/blocked?address=" + source).statusCode()).isEqualTo(404);
    assertThat(admin("DELETE", "/blocked?address=nobody").statusCode()).isEqualTo(400);
    assertThat(admin("POST", "/blocked").statusCode()).isEqualTo(405);
  }

  @Test
  void tellsTheAuditTrail() throws Exception {
    try (Platform another = new Platform(this::configured)) {
      String source = source();
      int refused = 0;
      for (int i = 0; refused < 3; i++) {
        Response response =
            RawClient.send(
                another.gateway.httpPort(),
                "GET / HTTP/1.1",
                "Host: nobody-" + i + ".example.org",
                "X-Forwarded-For: " + source);
        refused += response.status() == 429 ? 1 : 0;
      }
      another.gateway.close();

      List<SecurityEvent> events = another.feed.nextReport().events();

      assertThat(events).extracting(SecurityEvent::kind).containsExactly(Kind.BLOCKED_SOURCE);
      assertThat(events.getFirst().address()).isEqualTo(source);
      assertThat(events.getFirst().count()).isEqualTo(3);
    }
  }
}
