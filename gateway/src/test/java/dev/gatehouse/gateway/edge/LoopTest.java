package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services whose endpoints lead back to a gateway. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoopTest {
  private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n";

  private EdgeScene scene;
  private Gateway other;
  private TestTenant open;

  @BeforeAll
  void start() throws Exception {
    scene = new EdgeScene();
    // Whoever has to prove who it is does so once: the credential goes no further.
    open = scene.platform.tenant(t -> Platform.with(t, Set.of(AuthenticationMethod.ANONYMOUS)));
    // Last: from here on, what is known to one gateway may not be known to the other yet.
    other = scene.platform.startAnother(config -> config);
  }

  @AfterAll
  void stop() throws Exception {
    other.close();
    scene.close();
  }

  private String circleOf(Gateway... gateways) throws Exception {
    List<Endpoint> endpoints =
        List.of(gateways).stream().map(g -> new Endpoint("127.0.0.1", g.httpPort())).toList();
    String path = scene.platform.route(EdgeService.of("circle-" + UUID.randomUUID(), endpoints));
    // Each gateway must have heard of it, not one of them.
    Eventually.holds(() -> get(path, "").status() != 200);
    return path;
  }

  private RawClient.Response get(String path, String more) throws Exception {
    try (RawClient client = new RawClient(scene.platform.gateway.httpPort())) {
      client.write("GET " + path + " HTTP/1.1\r\nHost: " + open.host() + "\r\n" + more + "\r\n");
      return client.read();
    }
  }

  /** It does not help to have the header removed, or to say another one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Connection: CDN-Loop\r\n",
        "CDN-Loop: somebody, else; v=2\r\n",
        "CDN-Loop:\r\nConnection: keep-alive, cdn-loop\r\n",
        UPGRADE
      })
  void answers508WhereTheGatewayIsItsOwnService(String more) throws Exception {
    RawClient.Response response = get(circleOf(scene.platform.gateway), more);

    assertThat(response.status()).isEqualTo(508);
    assertThat(response.body()).contains("loop-detected");
  }

  @Test
  void answers508WhereGatewaysLeadToEachOther() throws Exception {
    String path = circleOf(scene.platform.gateway, other);

    assertThat(get(path, "").status()).isEqualTo(508);
    assertThat(Platform.metricsOf(scene.platform.gateway) + Platform.metricsOf(other))
        .containsPattern("gatehouse_requests_refused_total\\{problem=\"loop-detected\"} [1-9]");
  }

  /** Services call each other through the gateway, and pass on what they got. */
  @Test
  void servesWhatHasComeThroughAFewGateways() throws Exception {
    String path = scene.newPath();
    String nine = String.join(", ", IntStream.range(0, 9).mapToObj(_ -> "gatehouse").toList());

    assertThat(get(path, "CDN-Loop: edge; v=1, " + nine + "\r\n").status()).isEqualTo(200);

    String connection = scene.upstream.awaitCarrying(path).received();
    // Others may have gone over it before.
    String seen = connection.substring(connection.indexOf(path));
    assertThat(seen.lines().filter(line -> line.regionMatches(true, 0, "cdn-loop:", 0, 9)))
        .containsExactly("CDN-Loop: edge; v=1, " + nine, "CDN-Loop: gatehouse");
  }

  /** A stranger who writes the gateways' name is refused, and gains nothing by it. */
  @Test
  void refusesWhatSaysThatItHasComeThroughMany() throws Exception {
    String path = scene.newPath();

    assertThat(get(path, "CDN-Loop: GateHouse;a\r\n".repeat(10)).status()).isEqualTo(508);

    scene.sendMarker();
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }
}
