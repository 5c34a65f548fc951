package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.contract.edge.EndpointReport.EndpointHealth;
import dev.gatehouse.contract.edge.EndpointReport.State;
import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.Platform.TestTenant;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What the control plane asks a gateway, and is told by it, over the connections that there are.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AskedOverTheFeedTest {
  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private ExplainAnswer ask(TestTenant of, String url, String... headers)
      throws InterruptedException {
    UUID id = UUID.randomUUID();
    ExplainAnswer answer =
        platform.feed.ask(
            new ExplainQuestion(
                id, of.edge().id(), url, "GET", List.of(headers), Optional.empty()));
    assertThat(answer.id()).isEqualTo(id);
    return answer;
  }

  private JsonObject explain(TestTenant of, String url, String... headers)
      throws InterruptedException {
    return new JsonObject(ask(of, url, headers).explanation().orElseThrow());
  }

  private static JsonObject last(JsonObject explanation) {
    return explanation
        .getJsonArray("steps")
        .getJsonObject(explanation.getJsonArray("steps").size() - 1);
  }

  @Test
  void tellsWhatTheAdminPortTellsAndSendsNothingOn() throws Exception {
    TestTenant tenant = platform.tenant();
    int before = platform.upstream.received().size();

    JsonObject explanation =
        explain(
            tenant, "http://" + tenant.host() + "/hello", "X-API-Key: " + tenant.key().reveal());

    assertThat(explanation.getString("verdict")).isEqualTo("forwarded");
    assertThat(explanation.encode()).doesNotContain(tenant.key().reveal());
    assertThat(platform.upstream.received()).hasSize(before);
  }

  @Test
  void tellsOfAnotherTenantWhatItTellsOfNobody() throws Exception {
    TestTenant asking = platform.tenant();
    TestTenant other = platform.tenant();
    TestTenant suspended = platform.tenant(edge -> Platform.with(edge, TenantStatus.SUSPENDED));
    String base = "http://" + Platform.BASE_DOMAIN + "/";
    JsonObject nobody = explain(asking, "http://nobody." + Platform.BASE_DOMAIN + "/");

    Stream<JsonObject> others =
        Stream.of(
            explain(asking, "http://" + other.host() + "/"),
            explain(asking, "http://" + other.host() + "/", "X-API-Key: " + other.key().reveal()),
            explain(asking, "http://" + suspended.host() + "/"),
            explain(asking, "http://" + other.host() + "/.well-known/acme-challenge/x"),
            explain(asking, base, "X-API-Key: " + other.key().reveal()));

    assertThat(nobody.getInteger("status")).isEqualTo(404);
    assertThat(others)
        .allSatisfy(explanation -> {
          assertThat(explanation.getString("verdict")).isEqualTo(nobody.getString("verdict"));
          assertThat(explanation.getInteger("status")).isEqualTo(404);
          assertThat(last(explanation)).isEqualTo(last(nobody));
          assertThat(explanation.getJsonArray("steps")).hasSize(2);
          assertThat(explanation.encode()).doesNotContain(other.edge().id().toString());
        });
  }

  @Test
  void saysWhatIsWrongWithAQuestionWithoutRepeatingWhatMayBeASecret() throws Exception {
    TestTenant tenant = platform.tenant();

    ExplainAnswer answer = ask(tenant, "http://" + tenant.host() + "/", "no colon, a secret");

    assertThat(answer.wrong().orElseThrow()).contains("Name: value").doesNotContain("secret");
  }

  @Test
  void tellsWhichEndpointIsEjectedAndWhatWentWrongThere() throws Exception {
    String name = "two-" + UUID.randomUUID().toString().substring(0, 8);
    int closed = freePort();
    String path =
        platform.route(
            EdgeService.of(
                name,
                List.of(
                    new Endpoint("127.0.0.1", platform.upstream.port()),
                    new Endpoint("127.0.0.1", closed))));
    TestTenant tenant = platform.tenant();

    Optional<EndpointHealth> ejected = Optional.empty();
    while (ejected.isEmpty()) {
      assertThat(
              RawClient.send(
                      platform.gateway.httpPort(),
                      "GET " + path + " HTTP/1.1",
                      "Host: " + tenant.host(),
                      "X-API-Key: " + tenant.key().reveal())
                  .status())
          .isIn(200, 502);
      ejected = endpoints(name).filter(one -> one.state() == State.EJECTED).findFirst();
    }

    assertThat(ejected.get().port()).isEqualTo(closed);
    assertThat(ejected.get().lastError()).contains("connection refused");
    assertThat(ejected.get().ejectedUntil()).isPresent();
    assertThat(endpoints(name).filter(one -> one.state() == State.HEALTHY)).hasSize(1);
  }

  private Stream<EndpointHealth> endpoints(String service) {
    return platform.feed.endpoints().map(EndpointReport::services).orElse(List.of()).stream()
        .filter(one -> one.service().equals(service))
        .flatMap(one -> one.endpoints().stream());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
