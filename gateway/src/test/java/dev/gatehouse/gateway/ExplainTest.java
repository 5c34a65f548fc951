package dev.gatehouse.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the admin port tells of requests that nobody sent. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainTest {
  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private Response ask(String query) throws Exception {
    return RawClient.send(
        platform.gateway.adminPort(), "GET /explain?" + query + " HTTP/1.1", "Host: localhost");
  }

  private JsonObject explain(String url, String... headers) throws Exception {
    StringBuilder query = new StringBuilder("url=" + URLEncoder.encode(url, UTF_8));
    for (String header : headers) {
      query.append("&header=").append(URLEncoder.encode(header, UTF_8));
    }
    Response response = ask(query.toString());
    assertThat(response.status()).isEqualTo(200);
    for (String header : headers) {
      assertThat(response.body()).doesNotContain(header.substring(header.indexOf(':') + 2));
    }
    return new JsonObject(response.body());
  }

  private JsonObject explain(TestTenant tenant, String path) throws Exception {
    return explain("http://" + tenant.host() + path, "X-API-Key: " + tenant.key().reveal());
  }

  private static JsonObject facts(JsonObject explanation, String stage) {
    return explanation.getJsonArray("steps").stream()
        .map(JsonObject.class::cast)
        .filter(step -> step.getString("stage").equals(stage))
        .findFirst()
        .orElseThrow()
        .getJsonObject("facts");
  }

  private static JsonObject last(JsonObject explanation) {
    return explanation
        .getJsonArray("steps")
        .getJsonObject(explanation.getJsonArray("steps").size() - 1);
  }

  @Test
  void tellsEachStageOfARequestThatWouldBeForwarded() throws Exception {
    TestTenant tenant = platform.tenant();
    int before = platform.upstream.received().size();

    JsonObject explanation = explain(tenant, "/hello?x=1");

    assertThat(explanation.getString("verdict")).isEqualTo("forwarded");
    assertThat(
            explanation.getJsonArray("steps").stream()
                .map(s -> ((JsonObject) s).getString("stage")))
        .containsExactly("admit", "resolve", "authenticate", "limit", "route", "sign", "forward");
    assertThat(facts(explanation, "resolve").getString("source")).isEqualTo("subdomain");
    assertThat(facts(explanation, "resolve").getJsonObject("tenant").getString("id"))
        .isEqualTo(tenant.edge().id().toString());
    assertThat(facts(explanation, "authenticate").getString("method")).isEqualTo("api-key");
    assertThat(facts(explanation, "authenticate").getString("subject")).isEqualTo("robot");
    assertThat(facts(explanation, "route").getString("service")).isEqualTo("app");
    assertThat(facts(explanation, "route").getString("target")).isEqualTo("/hello?x=1");
    assertThat(facts(explanation, "sign").getJsonArray("requestHeaders")).contains("X-Tenant-Id");
    assertThat(platform.upstream.received()).as("nothing is forwarded").hasSize(before);
  }

  @Test
  void saysThatADomainOfItsOwnNamesTheTenant() throws Exception {
    Hostname own = new Hostname("own-" + UUID.randomUUID() + ".example");
    TestTenant tenant = platform.tenant(edge -> Platform.withHosts(edge, List.of(own)));

    JsonObject explanation =
        explain("https://" + own.value() + "/", "Authorization: Bearer " + tenant.key().reveal());

    assertThat(facts(explanation, "resolve").getString("source")).isEqualTo("custom domain");
  }

  @Test
  void takesNoTokenAndCountsNothing() throws Exception {
    TestTenant tenant =
        platform.tenant(edge ->
            Platform.with(
                edge,
                new EdgeLimits(
                    OptionalLong.of(1),
                    OptionalLong.of(2),
                    OptionalLong.empty(),
                    OptionalLong.empty())));
    String counted = requestsCounted();

    for (int i = 0; i < 5; i++) {
      assertThat(facts(explain(tenant, "/"), "limit").getLong("remaining")).isEqualTo(2);
    }
    assertThat(requestsCounted()).isEqualTo(counted);
  }

  /** What the metrics say of requests. */
  private String requestsCounted() throws Exception {
    Response metrics =
        RawClient.send(platform.gateway.adminPort(), "GET /metrics HTTP/1.1", "Host: localhost");
    return metrics
        .body()
        .lines()
        .filter(line -> line.startsWith("gatehouse_requests"))
        .filter(line -> line.contains("_count") || line.contains("refused"))
        .sorted()
        .toList()
        .toString();
  }

  @Test
  void tellsOperatorsWhoseRequestIsRefused() throws Exception {
    TestTenant tenant = platform.tenant(edge -> Platform.with(edge, TenantStatus.SUSPENDED));

    JsonObject explanation = explain(tenant, "/");

    assertThat(explanation.getString("verdict")).isEqualTo("refused");
    assertThat(explanation.getInteger("status")).isEqualTo(403);
    assertThat(last(explanation).getString("stage")).isEqualTo("resolve");
    assertThat(last(explanation).getJsonObject("facts").getString("type"))
        .endsWith("/tenant-suspended");
    assertThat(last(explanation).getJsonObject("facts").getJsonObject("tenant").getString("status"))
        .isEqualTo("suspended");
  }

  @Test
  void saysWhyOtherRoutesDidNotTakeIt() throws Exception {
    String beta = UUID.randomUUID().toString();
    platform.feed.awaitApplied(
        platform.feed.put(
            FeedCodec.decodeObject(
                EdgeObject.Kind.ROUTE,
                """
                {"id":"%s","hosts":"any","pathPrefix":"/why","service":"app",
                 "headers":[{"name":"X-Beta"}]}\
                """
                    .formatted(beta))));

    JsonObject route = facts(explain(platform.tenant(), "/why/not"), "route");

    JsonObject first = route.getJsonArray("candidates").getJsonObject(0);
    assertThat(first.getString("route")).isEqualTo(beta);
    assertThat(first.getString("because")).contains("X-Beta");
    assertThat(route.getJsonArray("candidates").getJsonObject(1).getString("because"))
        .isEqualTo("taken");
  }

  @Test
  void saysWhatAClientWouldBeToldOfABadKey() throws Exception {
    TestTenant tenant = platform.tenant();
    TestTenant foreign = platform.tenant();

    JsonObject explanation =
        explain("http://" + tenant.host() + "/", "X-API-Key: " + foreign.key().reveal());

    assertThat(explanation.getInteger("status")).isEqualTo(401);
    assertThat(last(explanation).getString("stage")).isEqualTo("authenticate");
  }

  @Test
  void agreesWithTheGatewayOnEveryOddTarget() throws Exception {
    TestTenant tenant = platform.tenant();
    for (String path :
        List.of("/", "/a/../b", "//a", "/%2e%2e/", "/a%00", "/a;b", "/a%2fb", "/ok?x=1")) {
      int real =
          RawClient.send(
                  platform.gateway.httpPort(),
                  "GET " + path + " HTTP/1.1",
                  "Host: " + tenant.host(),
                  "X-API-Key: " + tenant.key().reveal())
              .status();

      assertThat(explain(tenant, path).getInteger("status", 200)).as(path).isEqualTo(real);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "url=%",
        "url=/path",
        "url=ftp%3A%2F%2Fa%2F",
        "url=http%3A%2F%2Fa%2F&header=no-colon-secret",
        "url=http%3A%2F%2Fa%2F&header=X-A%3A%20secret%0d%0aHost%3A%20b",
        "url=http%3A%2F%2Fa%2F&method=G%20T"
      })
  void refusesWhatIsNoRequest(String query) throws Exception {
    Response response = ask(query);

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(response.body()).doesNotContain("secret");
  }
}
