package dev.gatehouse.gateway.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.upstream.UpstreamConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What the gateway tells of the way from a route to an endpoint, without going it. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainForwardTest {
  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    scene =
        new Scene(
            new UpstreamConfig(
                Optional.of("near"),
                UpstreamConfig.DEFAULT.dns(),
                Optional.empty(),
                64,
                1,
                Duration.ofMinutes(1)));
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  private JsonObject explain(TestTenant tenant, String path) throws Exception {
    Response response =
        scene.admin(
            "/explain?url="
                + URLEncoder.encode("http://" + tenant.host() + path, UTF_8)
                + "&header="
                + URLEncoder.encode("X-API-Key: " + tenant.key().reveal(), UTF_8));
    assertThat(response.status()).isEqualTo(200);
    return new JsonObject(response.body());
  }

  private static JsonObject step(JsonObject explanation, String stage) {
    return explanation.getJsonArray("steps").stream()
        .map(JsonObject.class::cast)
        .filter(step -> step.getString("stage").equals(stage))
        .findFirst()
        .orElseThrow();
  }

  private JsonObject forward(String path) throws Exception {
    return step(explain(scene.tenant, path), "forward");
  }

  /** The reason why each endpoint is not chosen; empty for those that are. */
  private static List<String> reasons(JsonObject step) {
    return step.getJsonObject("facts").getJsonArray("endpoints").stream()
        .map(JsonObject.class::cast)
        .flatMap(endpoint -> endpoint.getJsonArray("addresses").stream())
        .map(JsonObject.class::cast)
        .map(address -> address.getString("because", ""))
        .toList();
  }

  @Test
  void saysWhichEndpointsAreNotChosenAndWhy() throws Exception {
    try (Backend broken = Backend.answering(500, "no");
        Backend well = Backend.answering(200, "well");
        Backend far = Backend.answering(200, "far")) {
      String path =
          scene.serviceAt(
              "s-" + UUID.randomUUID(),
              "["
                  + Scene.endpoint(broken.port(), ",'zone':'near','weight':1")
                  + ","
                  + Scene.endpoint(well.port(), ",'zone':'near','weight':3")
                  + ","
                  + Scene.endpoint(far.port(), ",'zone':'far'")
                  + "]",
              ",'outlierDetection':{'consecutiveFailures':1},'retries':{'attempts':1}");
      assertThat(reasons(forward(path)))
          .containsExactly("", "", "of another zone, while enough of the gateway's own is fit");
      while (broken.seen().isEmpty()) {
        scene.get(path);
      }

      Backend.await(() -> isEjected(path), () -> "the broken one is not ejected");

      JsonObject step = forward(path);
      assertThat(reasons(step))
          .containsExactly(
              "ejected: 1 failures in a row",
              "",
              "of another zone, while enough of the gateway's own is fit");
      assertThat(step.getString("because"))
          .startsWith(
              "1 of 3 addresses of the endpoints of "
                  + path.substring(1)
                  + " may take it, by round-robin; of ");
      int farBefore = far.seen().size();
      for (int i = 0; i < 5; i++) {
        assertThat(scene.get(path).body()).as("what was explained happens").isEqualTo("well");
      }
      assertThat(far.seen()).hasSize(farBefore);
    }
  }

  private boolean isEjected(String path) {
    try {
      return reasons(forward(path)).getFirst().startsWith("ejected");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static JsonObject concurrency(JsonObject step) {
    return step.getJsonObject("facts").getJsonObject("concurrency");
  }

  @Test
  void saysHowManyRequestsAreInFlightAndWait() throws Exception {
    try (Backend silent = Backend.silent();
        RawClient first = scene.connect();
        RawClient second = scene.connect()) {
      String path =
          scene.service(
              ",'concurrency':{'maxRequests':1,'maxWaitingPerTenant':7,'maxWait':'PT1M'}", silent);
      assertThat(concurrency(forward(path))).as("nobody has asked for it").isEqualTo(places(0, 0));
      first.write(scene.lines("GET " + path));
      second.write(scene.lines("GET " + path));

      Backend.await(
          () -> concurrencyOf(path).equals(places(1, 1)), () -> concurrencyOf(path).encode());

      assertThat(forward(path).getString("because"))
          .endsWith(
              "; of 1 requests at once (fixed) 1 are in flight, of the tenant's 7 places in the"
                  + " queue 1 are taken");
    }
  }

  private JsonObject concurrencyOf(String path) {
    try {
      return concurrency(forward(path));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static JsonObject places(int inFlight, int waiting) {
    return new JsonObject()
        .put("limit", 1)
        .put("limitIs", "fixed")
        .put("inFlight", inFlight)
        .put("waiting", waiting)
        .put("mayWait", 10_000)
        .put("tenantWaiting", waiting)
        .put("tenantMayWait", 7);
  }

  @Test
  void saysThatALimitIsFound() throws Exception {
    try (Backend well = Backend.answering(200, "well")) {
      JsonObject concurrency = concurrency(forward(scene.service("", well)));

      assertThat(concurrency.getString("limitIs")).isEqualTo("found");
      assertThat(concurrency.getInteger("limit")).isEqualTo(20);
    }
  }

  @Test
  void saysThatAnOpenBreakerWouldRefuse() throws Exception {
    try (Backend failing = Backend.answering(500, "no")) {
      String path =
          scene.service(
              ",'circuitBreaker':{'window':2,'minimumRequests':2,'openFor':'PT1H'}", failing);
      JsonObject before = forward(path);
      assertThat(before.getString("because")).contains("; the circuit breaker is closed; ");
      assertThat(scene.breaker(path.substring(1), "")).as("none is made by asking").isEmpty();
      scene.get(path);
      scene.get(path);

      JsonObject explanation = explain(scene.tenant, path);

      assertThat(explanation.getString("verdict")).isEqualTo("refused");
      assertThat(explanation.getInteger("status")).isEqualTo(scene.get(path).status());
      JsonObject step = step(explanation, "forward");
      assertThat(step.getBoolean("passed")).isFalse();
      assertThat(step.getString("because")).startsWith("503 circuit-open: ");
      assertThat(step.getJsonObject("facts").getJsonObject("breaker").getString("state"))
          .isEqualTo("open");
    }
  }

  @Test
  void saysThatAnOpenBreakerWhoseTimeIsOverWouldLetATrialThrough() throws Exception {
    try (Backend failing = Backend.answering(500, "no")) {
      String path =
          scene.service(
              ",'circuitBreaker':{'window':2,'minimumRequests':2,'openFor':'PT0.1S'}", failing);
      scene.get(path);
      scene.get(path);

      Backend.await(
          () -> {
            try {
              return explain(scene.tenant, path).getString("verdict").equals("forwarded");
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          },
          () -> "it is refused for ever");

      assertThat(scene.get(path).status()).isEqualTo(500);
    }
  }

  @Test
  void showsATenantsOwnEndpointsAndMakesNoneByAsking() throws Exception {
    try (Backend pool = Backend.answering(200, "pool");
        Backend silo = Backend.answering(200, "silo")) {
      String path = scene.service("", pool);
      String override =
          "{'%s':{'endpoints':[%s]}}".formatted(path.substring(1), Scene.endpoint(silo.port(), ""));
      TestTenant first = scene.tenantWith(override);
      TestTenant second = scene.tenantWith(override);
      JsonObject unused = step(explain(first, path), "forward");
      assertThat(unused.getString("because"))
          .startsWith("of the tenant's own endpoints of")
          .contains("none has an address yet; ");

      assertThat(scene.send(first, "GET " + path).body()).isEqualTo("silo");

      JsonObject used = step(explain(first, path), "forward").getJsonObject("facts");
      assertThat(used.getBoolean("own")).isTrue();
      assertThat(used.getJsonArray("endpoints").getJsonObject(0).getInteger("port"))
          .isEqualTo(silo.port());
      assertThat(forward(path).getJsonObject("facts").getBoolean("own")).isFalse();
      assertThat(explain(second, path).getInteger("status"))
          .as("the gateway keeps no more than one")
          .isEqualTo(scene.send(second, "GET " + path).status())
          .isEqualTo(502);
    }
  }

  @Test
  void tellsOfSplitsAndMirrors() throws Exception {
    try (Backend service = Backend.answering(200, "ok")) {
      String app = scene.service("", service).substring(1);
      String canary = scene.service("", service).substring(1);
      String path = "r-" + UUID.randomUUID();
      scene.route(
          path,
          "'destinations':{'services':[{'service':'%s','weight':95},{'service':'%s','weight':5}]},"
                  .formatted(app, canary)
              + "'mirror':{'service':'%s','percent':10}".formatted(canary));

      JsonObject step = step(explain(scene.tenant, "/" + path), "route");

      assertThat(step.getString("because"))
          .contains("; split by tenant among " + app + " 95, " + canary + " 5")
          .contains("; 10 % are copied to " + canary);
      assertThat(step.getJsonObject("facts").getJsonObject("destinations"))
          .isEqualTo(
              JsonObject.of(
                  "splitBy",
                  "tenant",
                  "services",
                  JsonArray.of(
                      JsonObject.of("service", app, "weight", 95),
                      JsonObject.of("service", canary, "weight", 5))));
    }
  }
}
