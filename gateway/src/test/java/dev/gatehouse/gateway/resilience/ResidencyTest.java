package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeBounds;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.residency.Elsewhere;
import dev.gatehouse.gateway.residency.ResidencyConfig;
import dev.gatehouse.gateway.upstream.UpstreamConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests of a tenant that is bound to a region never reach an endpoint outside of it. */
@Timeout(120)
class ResidencyTest {
  private static final int REQUESTS = 20;
  private static final String EU = ",'region':'eu'";
  private static final String US = ",'region':'us'";

  private final Backend inside = Backend.answering(200, "inside");
  private final Backend outside = Backend.answering(200, "outside");
  private final Backend unsaid = Backend.answering(200, "unsaid");
  private Scene scene;
  private TestTenant bound;

  @BeforeEach
  void start() throws Exception {
    scene =
        new Scene(
            UpstreamConfig.DEFAULT,
            1,
            new ResidencyConfig(
                Optional.of(new Region("eu")),
                Elsewhere.REFUSE,
                Map.of("us", URI.create("https://us.gateways.test"))));
    bound = scene.boundTo("eu", "{}");
  }

  @AfterEach
  void stop() {
    scene.close();
    inside.close();
    outside.close();
    unsaid.close();
  }

  private String everywhere(Backend inEurope, String settings) throws Exception {
    return scene.serviceAt("s-" + UUID.randomUUID(), endpoints(inEurope), settings);
  }

  private String endpoints(Backend inEurope) {
    return "[%s,%s,%s]"
        .formatted(
            Scene.endpoint(outside.port(), US),
            Scene.endpoint(inEurope.port(), EU),
            Scene.endpoint(unsaid.port(), ""));
  }

  private Response get(String path) throws IOException {
    return scene.send(bound, "GET " + path);
  }

  private void assertNothingLeft() {
    assertThat(outside.seen()).isEmpty();
    assertThat(unsaid.seen()).isEmpty();
  }

  private static String typeOf(Response response) {
    return new JsonObject(response.body()).getString("type", "").replaceAll(".*/", "");
  }

  @Test
  void everyPolicyStaysInside() throws Exception {
    for (String policy : List.of("round-robin", "least-requests", "consistent-hash")) {
      String path = everywhere(inside, ",'balancing':{'policy':'%s'}".formatted(policy));
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(get(path).body()).as(policy).isEqualTo("inside");
      }
      assertNothingLeft();
    }
  }

  @Test
  void othersGoWhereTheyAlwaysWent() throws Exception {
    String path = everywhere(inside, "");
    for (int i = 0; i < 3; i++) {
      assertThat(scene.get(path).status()).isEqualTo(200);
    }
    assertThat(outside.seen()).hasSize(1);
    assertThat(unsaid.seen()).hasSize(1);
  }

  @Test
  void retriesStayInside() throws Exception {
    try (Backend failing = Backend.answering(503, "no")) {
      String path = everywhere(failing, ",'retries':{'attempts':5,'budgetPercent':100}");
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(get(path).status()).isEqualTo(503);
      }
      assertThat(failing.seen()).hasSizeGreaterThan(REQUESTS);
      assertNothingLeft();
    }
  }

  @Test
  void anEndpointThatCannotBeReachedIsNotReplacedByOneOutside() throws Exception {
    int nobody;
    try (Backend gone = Backend.answering(200, "gone")) {
      nobody = gone.port();
    }
    String path =
        scene.serviceAt(
            "s-" + UUID.randomUUID(),
            "[%s,%s]".formatted(Scene.endpoint(nobody, EU), Scene.endpoint(outside.port(), US)),
            ",'outlierDetection':{'consecutiveFailures':1}");
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(get(path).status()).isEqualTo(502);
    }
    assertNothingLeft();
  }

  @Test
  void hedgesStayInside() throws Exception {
    try (Backend slow = new Backend(request -> Backend.answerLater(request, 200, "slow"))) {
      String path =
          everywhere(slow, ",'retries':{'attempts':2,'budgetPercent':100,'hedgeAfter':'PT0.02S'}");
      for (int i = 0; i < 3; i++) {
        assertThat(get(path).body()).isEqualTo("slow");
      }
      assertThat(slow.seen()).as("it does hedge").hasSizeGreaterThan(3);
      assertNothingLeft();
    }
  }

  @Test
  void whereAllAreUnhealthyThoseInsideAreTriedAndNoOthers() throws Exception {
    try (Backend sick = new Backend(ResidencyTest::sick)) {
      String path =
          everywhere(
              sick,
              ",'healthCheck':{'type':'http','path':'/health','interval':'PT0.1S',"
                  + "'unhealthyThreshold':1,'expectedStatus':418}");
      Backend.await(() -> allUnhealthy(path), () -> "some are still healthy");
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(get(path).body()).isEqualTo("sick");
      }
      assertThat(requests(outside)).isZero();
      assertThat(requests(unsaid)).isZero();
    }
  }

  private static void sick(HttpServerRequest request) {
    Backend.answer(request, request.uri().equals("/health") ? 500 : 200, "sick");
  }

  private static long requests(Backend backend) {
    return backend.seen().stream().filter(seen -> !seen.uri().equals("/health")).count();
  }

  private boolean allUnhealthy(String path) {
    try {
      String shown = scene.admin("/upstreams").body();
      JsonObject service =
          new JsonObject(shown)
              .getJsonArray("services").stream()
                  .map(JsonObject.class::cast)
                  .filter(one -> one.getString("service").equals(path.substring(1)))
                  .findFirst()
                  .orElseThrow();
      return !service.encode().contains("\"healthy\"") && service.getBoolean("panic");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void mirrorsGetNoCopyOutside() throws Exception {
    String app = everywhere(inside, "").substring(1);
    String mirror =
        scene
            .serviceAt("s-" + UUID.randomUUID(), "[" + Scene.endpoint(outside.port(), US) + "]", "")
            .substring(1);
    String path = "r-" + UUID.randomUUID();
    scene.route(
        path, "'service':'%s','mirror':{'service':'%s','percent':100}".formatted(app, mirror));
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(get("/" + path).body()).isEqualTo("inside");
    }
    assertNothingLeft();
    assertThat(scene.get("/" + path).status()).isEqualTo(200);
    outside.awaitSeen(1);
  }

  @Test
  void aSplitThatLeadsOutsideIsRefused() throws Exception {
    String app = everywhere(inside, "").substring(1);
    String canary =
        scene
            .serviceAt("s-" + UUID.randomUUID(), "[" + Scene.endpoint(outside.port(), US) + "]", "")
            .substring(1);
    String path = "r-" + UUID.randomUUID();
    scene.route(
        path,
        "'destinations':{'splitBy':'request','services':[{'service':'%s','weight':1},{'service':'%s','weight':1}]}"
            .formatted(app, canary));
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      statuses.add(get("/" + path).status());
    }
    assertThat(statuses).contains(200, 503).containsOnly(200, 503);
    assertNothingLeft();
  }

  @Test
  void aServiceThatTakesTheTenantsRequestsMustBeInsideToo() throws Exception {
    String app = everywhere(inside, "").substring(1);
    String other =
        scene
            .serviceAt("s-" + UUID.randomUUID(), "[" + Scene.endpoint(outside.port(), US) + "]", "")
            .substring(1);
    bound = scene.boundTo("eu", "{'%s':{'sendTo':'%s'}}".formatted(app, other));

    assertThat(typeOf(get("/" + app))).isEqualTo("region-unavailable");
    assertNothingLeft();
  }

  @Test
  void theTenantsOwnEndpointsMustBeInsideToo() throws Exception {
    String app = everywhere(inside, "").substring(1);
    bound = scene.boundTo("eu", "{'%s':{'endpoints':%s}}".formatted(app, endpoints(inside)));
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(get("/" + app).body()).isEqualTo("inside");
    }
    bound =
        scene.boundTo(
            "eu", "{'%s':{'endpoints':[%s]}}".formatted(app, Scene.endpoint(outside.port(), "")));

    assertThat(typeOf(get("/" + app))).isEqualTo("region-unavailable");
    assertNothingLeft();
  }

  @Test
  void whereNothingIsInsideTheAnswerIs503() throws Exception {
    String path =
        scene.serviceAt(
            "s-" + UUID.randomUUID(),
            "[%s,%s]"
                .formatted(Scene.endpoint(outside.port(), US), Scene.endpoint(unsaid.port(), "")),
            "");

    Response refused = get(path);

    assertThat(refused.status()).isEqualTo(503);
    assertThat(typeOf(refused)).isEqualTo("region-unavailable");
    assertNothingLeft();
  }

  @Test
  void webSocketsStayInside() throws Exception {
    String path =
        scene.serviceAt(
            "s-" + UUID.randomUUID(), "[" + Scene.endpoint(outside.port(), US) + "]", "");

    Response refused =
        scene.send(
            bound,
            "GET " + path,
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

    assertThat(typeOf(refused)).isEqualTo("region-unavailable");
    assertNothingLeft();
  }

  @Test
  void webSocketsAreOpenedInside() throws Exception {
    try (Backend sockets = new Backend(ResidencyTest::accept)) {
      String path = everywhere(sockets, "");
      for (int i = 0; i < REQUESTS; i++) {
        Response opened =
            scene.send(
                bound,
                "GET " + path,
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(opened.status()).isEqualTo(101);
      }
      assertNothingLeft();
    }
  }

  private static void accept(HttpServerRequest request) {
    request.toWebSocket().onSuccess(socket -> socket.close());
  }

  @Test
  void whatIsUnderWayEndsWhenItsTenantIsBound() throws Exception {
    try (Backend silent = Backend.silent();
        RawClient client = scene.connect()) {
      String path = scene.service("", silent);
      client.write(scene.lines("GET " + path));
      silent.awaitSeen(1);

      scene.platform.feed.put(scene.tenant.edge().with(EdgeBounds.to(new Region("eu"))));

      assertThat(client.read().status()).isEqualTo(503);
      silent.awaitCancelled(1);
    }
  }

  @Test
  void aChangeOfAnEndpointsRegionHoldsAtOnce() throws Exception {
    String name = "s-" + UUID.randomUUID();
    String path = scene.serviceAt(name, "[" + Scene.endpoint(inside.port(), EU) + "]", "");
    assertThat(get(path).status()).isEqualTo(200);
    scene.put(
        EdgeObject.Kind.SERVICE,
        "{'name':'%s','endpoints':[%s]}".formatted(name, Scene.endpoint(inside.port(), US)));

    assertThat(typeOf(get(path))).isEqualTo("region-unavailable");
  }

  /** Endpoints here and there come and go, fail and recover: none but those inside is asked. */
  @Test
  void whateverHappensNothingLeaves() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (Backend shaky =
        new Backend(
            request -> Backend.answer(request, random.nextInt(3) == 0 ? 502 : 200, "shaky"))) {
      String name = "s-" + UUID.randomUUID();
      String path = scene.serviceAt(name, endpoints(inside), "");
      for (int round = 0; round < 30; round++) {
        List<String> some = new ArrayList<>();
        some.add(Scene.endpoint(outside.port(), US));
        if (random.nextBoolean()) {
          some.add(Scene.endpoint(shaky.port(), EU));
        }
        if (random.nextBoolean()) {
          some.add(Scene.endpoint(inside.port(), EU));
        }
        if (random.nextBoolean()) {
          some.add(Scene.endpoint(unsaid.port(), ""));
        }
        scene.put(
            EdgeObject.Kind.SERVICE,
            "{'name':'%s','endpoints':%s,'outlierDetection':{'consecutiveFailures':1},'retries':{'attempts':3,'budgetPercent':100}}"
                .formatted(name, some));
        for (int i = 0; i < 5; i++) {
          assertThat(get(path).status()).as("seed %d", seed).isIn(200, 502, 503);
        }
      }
    }
    assertNothingLeft();
  }

  @Test
  void aTenantOfAnotherRegionIsToldWhereItIsServed() throws Exception {
    String path = everywhere(inside, "");
    TestTenant american = scene.boundTo("us", "{}");
    TestTenant asian = scene.boundTo("asia", "{}");

    Response refused = scene.send(american, "GET " + path);

    assertThat(refused.status()).isEqualTo(421);
    assertThat(typeOf(refused)).isEqualTo("outside-region");
    assertThat(new JsonObject(refused.body()).getString("region")).isEqualTo("us");
    assertThat(new JsonObject(refused.body()).getString("gateway"))
        .isEqualTo("https://us.gateways.test");
    Response unknown = scene.send(asian, "GET " + path);
    assertThat(unknown.status()).isEqualTo(421);
    assertThat(new JsonObject(unknown.body()).containsKey("gateway")).isFalse();
    assertThat(inside.seen()).isEmpty();
    assertNothingLeft();
  }

  @Test
  void aGatewayThatStandsNowhereServesNoBoundTenant() throws Exception {
    try (Scene nowhere = new Scene()) {
      String path =
          nowhere.serviceAt(
              "s-" + UUID.randomUUID(), "[" + Scene.endpoint(inside.port(), EU) + "]", "");

      assertThat(nowhere.send(nowhere.boundTo("eu", "{}"), "GET " + path).status()).isEqualTo(421);
      assertThat(nowhere.get(path).status()).isEqualTo(200);
    }
  }

  @Test
  void isExplained() throws Exception {
    String path = everywhere(inside, "");

    JsonObject taken = explain(bound, path);

    assertThat(taken.getString("verdict")).isEqualTo("forwarded");
    assertThat(taken.encode())
        .contains("outside of the tenant's region eu")
        .contains("which is served here, in the region eu")
        .contains("1 of 3 addresses of the endpoints of");
    String elsewhere =
        scene.serviceAt(
            "s-" + UUID.randomUUID(), "[" + Scene.endpoint(outside.port(), US) + "]", "");
    assertThat(explain(bound, elsewhere).getInteger("status")).isEqualTo(503);
    assertThat(explain(scene.boundTo("us", "{}"), path).getInteger("status")).isEqualTo(421);
    assertThat(inside.seen()).isEmpty();
    assertNothingLeft();
  }

  private JsonObject explain(TestTenant tenant, String path) throws IOException {
    return new JsonObject(
        scene
            .admin(
                "/explain?url="
                    + URLEncoder.encode("http://" + tenant.host() + path, StandardCharsets.UTF_8)
                    + "&header="
                    + URLEncoder.encode(
                        "X-API-Key: " + tenant.key().reveal(), StandardCharsets.UTF_8))
            .body());
  }
}
