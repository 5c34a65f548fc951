package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which version of an API a request gets, and what the client is told of it. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiVersionsTest {
  private Platform platform;
  private RecordingUpstream other;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    other = new RecordingUpstream();
    platform.feed.put(other.service("other"));
  }

  @AfterAll
  void stop() {
    platform.close();
    other.close();
  }

  /** Puts a route and waits until the gateway has it. */
  private void route(String json) throws Exception {
    JsonObject route =
        new JsonObject(json).put("id", UUID.randomUUID().toString()).put("hosts", "any");
    platform.feed.awaitApplied(
        platform.feed.put(FeedCodec.decodeObject(EdgeObject.Kind.ROUTE, route.encode())));
  }

  private Response send(TestTenant tenant, String requestLine, String... headers) throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add(requestLine + " HTTP/1.1");
    lines.add("Host: " + tenant.host() + ":8080");
    lines.add("X-API-Key: " + tenant.key().reveal());
    lines.addAll(List.of(headers));
    return RawClient.send(platform.gateway.httpPort(), lines.toArray(String[]::new));
  }

  private static final String VERSIONS =
      """
      {"pathPrefix":"%s","service":"app","versions":{"header":"X-Version","defaultVersion":"v2",
       "versions":[
        {"name":"v1","service":"other","prefix":"/one/","header":"X-Which",
         "deprecatedAt":"2024-06-30T23:59:59Z","sunsetAt":"2025-01-05T00:00:00Z",
         "link":"https://docs.example/v1"},
        {"name":"v2"}]}}\
      """;

  private static EdgeTenant pinned(EdgeTenant tenant, String version) {
    return new EdgeTenant(
        tenant.id(),
        tenant.slug(),
        tenant.status(),
        tenant.hosts(),
        tenant.authentication(),
        tenant.limits(),
        tenant.weight(),
        Optional.of(version),
        tenant.services(),
        tenant.plan(),
        tenant.domains(),
        tenant.name());
  }

  @Test
  void servesTheVersionThatTheClientNames() throws Exception {
    route(VERSIONS.formatted("/api"));
    TestTenant tenant = platform.tenant();

    Response old = send(tenant, "GET /api/x?y", "x-version: v1");

    assertThat(other.last().uri()).isEqualTo("/one/api/x?y");
    assertThat(other.last().values("X-Which")).containsExactly("v1");
    assertThat(old.status()).as("also after its sunset").isEqualTo(200);
    assertThat(old.header("Deprecation")).isEqualTo("@1719791999");
    assertThat(old.header("Sunset")).isEqualTo("Sun, 05 Jan 2025 00:00:00 GMT");
    assertThat(old.headers().stream().filter(line -> line.startsWith("Link")))
        .containsExactlyInAnyOrder(
            "Link: <https://docs.example/v1>; rel=\"deprecation\"",
            "Link: <https://docs.example/v1>; rel=\"sunset\"");
  }

  @Test
  void servesTheTenantsVersionElseTheDefault() throws Exception {
    route(VERSIONS.formatted("/pinned"));

    Response byDefault = send(platform.tenant(), "GET /pinned");
    assertThat(byDefault.header("Deprecation")).isEmpty();
    assertThat(send(platform.tenant(edge -> pinned(edge, "v1")), "GET /pinned").header("Sunset"))
        .isNotEmpty();
    assertThat(send(platform.tenant(edge -> pinned(edge, "v9")), "GET /pinned").status())
        .as("a pin of another API")
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Version: v3", "X-Version: V1", "X-Version:", "X-Version: v1, v2"})
  void refusesAVersionThatIsNotThere(String header) throws Exception {
    route(VERSIONS.formatted("/strict"));

    Response response = send(platform.tenant(), "GET /strict", header);

    assertThat(response.status()).isEqualTo(400);
    JsonObject problem = new JsonObject(response.body());
    assertThat(problem.getString("type")).endsWith("/unknown-api-version");
    assertThat(problem.getString("detail")).contains("X-Version").contains("v1, v2");
  }
}
