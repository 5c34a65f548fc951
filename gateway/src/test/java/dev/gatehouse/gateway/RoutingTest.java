package dev.gatehouse.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePartition;
import dev.gatehouse.contract.edge.EdgePlacement;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What routes do to requests, seen from client and upstream. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutingTest {
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

  private static EdgeTenant sendingTo(EdgeTenant tenant, String service, String instead) {
    return new EdgeTenant(
        tenant.id(),
        tenant.slug(),
        tenant.status(),
        tenant.hosts(),
        tenant.authentication(),
        tenant.limits(),
        tenant.weight(),
        tenant.apiVersion(),
        Optional.of(
            Map.of(
                service,
                new ServiceOverride(Optional.empty(), Optional.empty(), Optional.of(instead)))),
        tenant.plan(),
        tenant.domains(),
        tenant.name());
  }

  @Test
  void rewritesPathHostAndHeadersOnTheWay() throws Exception {
    route(
        """
        {"pathTemplate":"/shop/{id}/x","service":"app",
         "rewrite":{"path":"/orders/{id}","host":"inner.example"},
         "requestHeaders":{"remove":["X-Gone"],"set":{"X-Set":"new"},"add":{"X-Added":"2"}},
         "responseHeaders":{"remove":["Content-Type"],"set":{"X-Answer":"1"}}}\
        """);
    TestTenant tenant = platform.tenant();

    Response response = send(tenant, "GET /shop/77/x?q=1", "X-Gone: 1", "X-Set: old", "X-Added: 1");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("X-Answer")).isEqualTo("1");
    assertThat(response.header("Content-Type")).isEmpty();
    var received = platform.upstream.last();
    assertThat(received.uri()).isEqualTo("/orders/77?q=1");
    assertThat(received.values("Host")).containsExactly("inner.example");
    assertThat(received.values("X-Forwarded-Host")).containsExactly(tenant.host() + ":8080");
    assertThat(received.values("X-Gone")).isEmpty();
    assertThat(received.values("X-Set")).containsExactly("new");
    assertThat(received.values("X-Added")).containsExactly("1", "2");
  }

  @Test
  void letsNoRouteSpellTheGatewaysWordInAnotherWay() throws Exception {
    route(
        """
        {"pathPrefix":"/forge","service":"app",
         "requestHeaders":{
           "remove":["X-API-Key"],
           "set":{"XTenantId":"forged","X.Tenant.Context":"forged","X-Real-IP":"9.9.9.9",
                  "XForwarded-For":"9.9.9.9","Expect":"100-continue","HTTP2-Settings":"forged"},
           "add":{"X'Tenant'Slug":"forged"}},
         "responseHeaders":{"set":{"XTenantId":"forged"}}}\
        """);
    TestTenant tenant = platform.tenant();

    Response response = send(tenant, "POST /forge", "Content-Length: 8", "", "body");

    var received = platform.upstream.last();
    assertThat(received.body()).isEqualTo("body\r\n\r\n");
    assertThat(received.values("X-Tenant-Id")).containsExactly(tenant.edge().id().toString());
    assertThat(received.values("X-Tenant-Slug")).containsExactly(tenant.edge().slug().value());
    assertThat(received.headers()).noneMatch(line -> line.contains("forged"));
    assertThat(received.headers()).noneMatch(line -> line.contains("9.9.9.9"));
    assertThat(new JsonObject(response.body()).getInteger("bytes")).isEqualTo(8);
    assertThat(response.headers()).noneMatch(line -> line.contains("forged"));
    assertThat(response.header("Connection")).isEmpty();
  }

  @Test
  void splitsTenantsAndKeepsEachWhereItIs() throws Exception {
    route(
        """
        {"pathPrefix":"/split","destinations":{"services":[
          {"service":"app","weight":1},{"service":"other","weight":1}]}}\
        """);
    Set<Set<Boolean>> ways =
        IntStream.range(0, 24).mapToObj(_ -> waysOf("/split")).collect(Collectors.toSet());

    assertThat(ways)
        .as("each tenant one way, both ways taken")
        .containsExactlyInAnyOrder(Set.of(true), Set.of(false));
  }

  /** Whether requests of one new tenant arrived at the other service. */
  private Set<Boolean> waysOf(String path) {
    try {
      TestTenant tenant = platform.tenant();
      for (int i = 0; i < 3; i++) {
        send(tenant, "GET " + path);
      }
      return Stream.of(platform.upstream, other)
          .filter(upstream ->
              upstream.received().stream()
                  .anyMatch(r -> r.values("X-Tenant-Id").contains(tenant.edge().id().toString())))
          .map(upstream -> upstream == other)
          .collect(Collectors.toSet());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void sendsANamedTenantToItsDestinationWhateverTheWeight() throws Exception {
    TestTenant tenant = platform.tenant();
    route(
        """
        {"pathPrefix":"/named","destinations":{"services":[
          {"service":"app","weight":1},{"service":"other","weight":0,"tenants":["%s"]}]}}\
        """
            .formatted(tenant.edge().id()));

    send(tenant, "GET /named");

    assertThat(other.last().values("X-Tenant-Id")).containsExactly(tenant.edge().id().toString());
    assertThat(waysOf("/named")).containsExactly(false);
  }

  @Test
  void signsForTheServiceThatATenantIsSentToInstead() throws Exception {
    TestTenant tenant = platform.tenant(edge -> sendingTo(edge, "app", "other"));

    assertThat(send(tenant, "GET /elsewhere").status()).isEqualTo(200);

    var received = other.last();
    assertThat(received.uri()).isEqualTo("/elsewhere");
    String payload = received.values(TenantContext.HEADER).getFirst().split("\\.", -1)[1];
    assertThat(new String(Base64.getUrlDecoder().decode(payload), UTF_8)).contains("\"other\"");
  }

  @Test
  void refusesATenantThatIsSentToAServiceThatIsNotThere() throws Exception {
    TestTenant tenant = platform.tenant(edge -> sendingTo(edge, "app", "missing"));

    assertThat(send(tenant, "GET /").status()).isEqualTo(404);
  }

  @Test
  void tellsWhichMethodsWouldHaveMatched() throws Exception {
    try (Platform bare = new Platform()) {
      bare.feed.remove(EdgeObject.Kind.SERVICE, "app");
      bare.feed.put(bare.upstream.service("some"));
      for (String methods : List.of("[\"GET\"]", "[\"PUT\",\"DELETE\"]")) {
        bare.feed.put(
            FeedCodec.decodeObject(
                EdgeObject.Kind.ROUTE,
                """
                {"id":"%s","hosts":"any","pathPrefix":"/m","service":"some","methods":%s}\
                """
                    .formatted(UUID.randomUUID(), methods)));
      }
      TestTenant tenant = bare.tenant();
      String[] post = {
        "POST /m HTTP/1.1", "Host: " + tenant.host(), "X-API-Key: " + tenant.key().reveal()
      };

      Response response = RawClient.send(bare.gateway.httpPort(), post);

      assertThat(response.status()).isEqualTo(405);
      assertThat(response.header("Allow")).isEqualTo("DELETE, GET, HEAD, PUT");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/old/%0d%0aSet-Cookie:x=1",
        "/old//evil.example/",
        "/old/\\evil.example",
        "/old/..//evil.example",
        "/old/%2f%2fevil.example",
        "/old/%5cevil.example",
        "//evil.example/old",
        "/old/%2e%2e/x"
      })
  void cannotBeMadeToRedirectElsewhere(String target) throws Exception {
    route("{\"pathPrefix\":\"/old\",\"redirect\":{\"prefix\":\"/\"}}");

    Response response = send(platform.tenant(), "GET " + target);

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.header("Location")).isEmpty();
  }

  @Test
  void redirectsToTheTenantsHostInNormalForm() throws Exception {
    route("{\"pathPrefix\":\"/secure\",\"redirect\":{\"scheme\":\"https\",\"status\":301}}");
    TestTenant tenant = platform.tenant();

    Response response = send(tenant, "GET /secure/x?next=https://evil.example");

    assertThat(response.status()).isEqualTo(301);
    assertThat(response.header("Location"))
        .isEqualTo("https://" + tenant.host() + "/secure/x?next=https://evil.example");
    assertThat(response.header("Cache-Control")).isEmpty();
  }

  @Test
  void sendsTenantsWhereTheVersionOfTheirTablesIsServed() throws Exception {
    platform.feed.put(new EdgePartition("eu-1", Map.of("shop", 5)));
    TestTenant ahead = placed(IsolationStrategy.SHARED, Map.of());
    TestTenant behind = placed(IsolationStrategy.SCHEMA, Map.of("shop", 4));
    TestTenant nowhere = platform.tenant();
    route(
        """
        {"pathPrefix": "/by-tables", "destinations": {"services": [
          {"service": "app", "weight": 1},
          {"service": "other", "weight": 0, "blueprint": {"name": "shop", "from": 5}}]}}
        """);

    send(ahead, "GET /by-tables");
    assertThat(other.last().values("X-Tenant-Id")).containsExactly(idOf(ahead));
    send(behind, "GET /by-tables");
    assertThat(platform.upstream.last().values("X-Tenant-Id")).containsExactly(idOf(behind));
    send(nowhere, "GET /by-tables");
    assertThat(platform.upstream.last().values("X-Tenant-Id")).containsExactly(idOf(nowhere));
  }

  private static String idOf(TestTenant tenant) {
    return tenant.edge().id().toString();
  }

  private TestTenant placed(IsolationStrategy strategy, Map<String, Integer> tables)
      throws Exception {
    return platform.tenant(
        edge -> edge.with(new EdgePlacement("eu-1", strategy, Optional.of(tables))));
  }
}
