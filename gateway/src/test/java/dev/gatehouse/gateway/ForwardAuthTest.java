package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeForwardAuth;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a service of the tenant decides about. */
@Timeout(60)
class ForwardAuthTest {
  private final TestService service = new TestService();
  private Platform platform;
  private TestTenant tenant;

  @BeforeEach
  void start() throws Exception {
    platform =
        new Platform(c ->
            Platform.with(
                c,
                new AuthenticateConfig(
                    100, Duration.ofSeconds(1), Duration.ofSeconds(5), List.of("127.0.0.0/8"))));
    tenant =
        platform.tenant(edge ->
            Platform.with(
                edge, Set.of(AuthenticationMethod.FORWARD_AUTH, AuthenticationMethod.API_KEY)));
    decide(forwardAuth(Optional.empty()));
  }

  @AfterEach
  void stop() {
    service.close();
    platform.close();
  }

  private EdgeForwardAuth forwardAuth(Optional<Duration> timeout) {
    return new EdgeForwardAuth(
        tenant.edge().id(),
        service.url("/decide?v=1"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        timeout);
  }

  private void decide(EdgeForwardAuth forwardAuth) throws InterruptedException {
    platform.feed.awaitApplied(platform.feed.put(forwardAuth));
  }

  private Response send(String... lines) throws IOException {
    return RawClient.send(platform.gateway.httpPort(), lines);
  }

  private Response get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1", "Host: " + tenant.host());
  }

  @Test
  void asksAboutEachRequestAndTellsTheUpstreamWhoCalls() throws Exception {
    service.answers((_, response) ->
        response
            .putHeader("X-Auth-Subject", "alice")
            .putHeader("X-Auth-Roles", "reader, writer")
            .putHeader("X-Auth-Scopes", "read write")
            .end("ignored"));
    for (int i = 0; i < 2; i++) {
      Response answer =
          send(
              "POST /a/b?c=d HTTP/1.1",
              "Host: " + tenant.host(),
              "Authorization: Custom abc",
              "Cookie: a=b",
              "X-Secret: not asked for",
              "Content-Length: 0");
      assertThat(answer.status()).isEqualTo(200);
    }
    assertThat(service.asked).hasSize(2);
    assertThat(service.connections).as("by one connection").hasSize(1);
    TestService.Asked asked = service.asked.getFirst();
    assertThat(asked.method()).isEqualTo("GET");
    assertThat(asked.uri()).isEqualTo("/decide?v=1");
    assertThat(asked.headers().get("X-Forwarded-Method")).isEqualTo("POST");
    assertThat(asked.headers().get("X-Forwarded-Uri")).isEqualTo("/a/b?c=d");
    assertThat(asked.headers().get("X-Forwarded-Host")).isEqualTo(tenant.host());
    assertThat(asked.headers().get("X-Forwarded-Proto")).isEqualTo("http");
    assertThat(asked.headers().get("X-Forwarded-For")).isEqualTo("127.0.0.1");
    assertThat(asked.headers().get("X-Tenant-Id")).isEqualTo(tenant.edge().id().toString());
    assertThat(asked.headers().get("Authorization")).isEqualTo("Custom abc");
    assertThat(asked.headers().get("Cookie")).isEqualTo("a=b");
    assertThat(asked.headers().contains("X-Secret")).isFalse();
    RecordingUpstream.Received received = platform.upstream.last();
    assertThat(received.values("Authorization")).as("it is not the gateway's").isNotEmpty();
    JsonObject context = Contexts.in(received);
    assertThat(context.getString("sub")).isEqualTo("alice");
    assertThat(context.getJsonArray("roles")).containsExactlyInAnyOrder("reader", "writer");
    assertThat(context.getJsonArray("amr")).containsExactly("forward-auth");
  }

  @Test
  void isToldNothingThatIsForTheGatewayAlone() throws Exception {
    String key = tenant.key().reveal();
    String path = "/r-" + UUID.randomUUID();
    String route =
        "{'id':'%s','hosts':'any','pathPrefix':'%s','service':'app','access':{'requiredMethods':['forward-auth']}}"
            .formatted(UUID.randomUUID(), path);
    platform.feed.awaitApplied(
        platform.feed.put(FeedCodec.decodeObject(EdgeObject.Kind.ROUTE, route.replace('\'', '"'))));
    assertThat(
            send(
                    "GET " + path + " HTTP/1.1",
                    "Host: " + tenant.host(),
                    "Authorization: Bearer " + key,
                    "Cookie: a=b; __Host-gatehouse-session=secret")
                .status())
        .isEqualTo(200);
    TestService.Asked asked = service.asked.getFirst();
    assertThat(asked.headers().contains("Authorization")).isFalse();
    assertThat(asked.headers().getAll("Cookie")).containsExactly("a=b");
  }

  @Test
  void passesOnWhatTheServiceRefuses() throws Exception {
    service.answers((_, response) ->
        response.setStatusCode(401).putHeader("WWW-Authenticate", "Custom realm=\"x\"").end());
    Response unknown = get("/");
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.header("WWW-Authenticate")).isEqualTo("Custom realm=\"x\"");
    service.answers((_, response) -> response.setStatusCode(403).end());
    assertThat(get("/").status()).isEqualTo(403);
    service.answers((_, response) ->
        response.setStatusCode(302).putHeader("Location", "https://login.example/?r=1").end());
    Response redirected = get("/");
    assertThat(redirected.status()).isEqualTo(302);
    assertThat(redirected.header("Location")).isEqualTo("https://login.example/?r=1");
    assertThat(redirected.header("Cache-Control")).isEqualTo("no-store");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 404, 500, 503})
  void letsNobodyInWhereTheServiceFails(int status) throws Exception {
    service.answers((_, response) -> response.setStatusCode(status).end());
    assertThat(get("/").status()).isEqualTo(503);
  }

  @Test
  void waitsNoLongerThanItsTime() throws Exception {
    decide(forwardAuth(Optional.of(Duration.ofMillis(50))));
    service.hold();
    assertThat(get("/").status()).isEqualTo(503);
    service.release();
  }

  @Test
  void isNotAskedAboutWhoProvesItByItself() throws Exception {
    String key = "X-API-Key: " + tenant.key().reveal();
    assertThat(send("GET / HTTP/1.1", "Host: " + tenant.host(), key).status()).isEqualTo(200);
    assertThat(service.asked).isEmpty();
    service.answers((_, response) -> response.setStatusCode(403).end());
    String path = "/r-" + UUID.randomUUID();
    String route =
        "{'id':'%s','hosts':'any','pathPrefix':'%s','service':'app','access':{'requiredMethods':['forward-auth','api-key']}}"
            .formatted(UUID.randomUUID(), path);
    platform.feed.awaitApplied(
        platform.feed.put(FeedCodec.decodeObject(EdgeObject.Kind.ROUTE, route.replace('\'', '"'))));
    assertThat(send("GET " + path + " HTTP/1.1", "Host: " + tenant.host(), key).status())
        .as("but where the route wants both")
        .isEqualTo(403);
    service.answers((_, response) -> response.end());
    assertThat(send("GET " + path + " HTTP/1.1", "Host: " + tenant.host(), key).status())
        .isEqualTo(200);
    assertThat(Contexts.in(platform.upstream.last()).getString("sub")).isEqualTo("robot");
    assertThat(get(path).status()).as("one of the two").isEqualTo(403);
  }

  @Test
  void streamsABodyThatCameWhileItWasAsked() throws Exception {
    service.hold();
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      String body = "x".repeat(100_000);
      client.write(
          "POST /?mode=echo HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(tenant.host(), body.length(), body));
      Eventually.holds(() -> !service.asked.isEmpty());
      service.release();
      assertThat(client.readHead().status()).isEqualTo(200);
    }
    assertThat(Contexts.in(platform.upstream.last()).getString("sub")).isEqualTo("unknown");
  }

  @Test
  void endsWhatIsUnderWayWhenTheServiceIsAnother() throws Exception {
    try (RawClient stream = new RawClient(platform.gateway.httpPort())) {
      stream.write("GET /?mode=endless HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(tenant.host()));
      assertThat(stream.readHead().status()).isEqualTo(200);
      decide(forwardAuth(Optional.of(Duration.ofSeconds(2))));
      assertThat(stream.isClosedByPeer()).isTrue();
    }
  }
}
