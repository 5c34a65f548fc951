package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.CircuitBreaker;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.forward.ForwardConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The handshake of a WebSocket, byte by byte, between a client and an upstream by hand. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpgradeTest {
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private RawClient ask(String path) throws IOException {
    return ask(tenant, path);
  }

  private RawClient ask(TestTenant whose, String path) throws IOException {
    RawClient client = new RawClient(platform.gateway.httpPort());
    client.write(RawUpstream.handshake(whose, path));
    return client;
  }

  private String route(RawUpstream upstream) throws InterruptedException {
    return platform.route(upstream.service(unique()));
  }

  private static String unique() {
    return "service-" + UUID.randomUUID();
  }

  /** A port where nobody listens. */
  private static int deadPort() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return closed.getLocalPort();
    }
  }

  @Test
  void passesOnWhatComesInOnePieceWithTheAnswer() throws Exception {
    try (RawUpstream upstream = new RawUpstream();
        RawClient client = ask(route(upstream));
        Socket _ = upstream.accept(RawUpstream.AGREED + "first words")) {
      assertThat(client.readHead().status()).isEqualTo(101);
      assertThat(client.socket().getInputStream().readNBytes(11))
          .asString(StandardCharsets.ISO_8859_1)
          .isEqualTo("first words");
    }
  }

  @Test
  void cutsAClientOffThatSpeaksBeforeItIsAnswered() throws Exception {
    try (RawUpstream upstream = new RawUpstream();
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      String post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nearly";
      client.write(RawUpstream.handshake(tenant, route(upstream)) + post);

      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void tellsTheUpstreamThatTheClientIsGoneBeforeItIsAnswered() throws Exception {
    try (RawUpstream upstream = new RawUpstream()) {
      RawClient client = ask(route(upstream));
      try (Socket asked = upstream.accept()) {
        client.close();

        assertThat(asked.getInputStream().read()).isNegative();
      }
    }
  }

  @Test
  void passesARefusalOnWithItsBodyAndClosesBothConnections() throws Exception {
    String refused =
        "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n";
    try (RawUpstream upstream = new RawUpstream();
        RawClient client = ask(route(upstream));
        Socket asked = upstream.accept(refused)) {
      Response refusal = client.read();

      assertThat(refusal.status()).isEqualTo(403);
      assertThat(refusal.body()).isEqualTo("no");
      assertThat(client.isClosedByPeer()).isTrue();
      assertThat(asked.getInputStream().read()).isNegative();
    }
  }

  @Test
  void refusesAnAgreementThatIsStampedAsAnotherTenants() throws Exception {
    String stamped = RawUpstream.AGREED.replace("\r\n\r\n", "\r\nX-Tenant-Id: another\r\n\r\n");
    try (RawUpstream upstream = new RawUpstream();
        RawClient client = ask(route(upstream));
        Socket asked = upstream.accept(stamped)) {
      assertThat(client.read().status()).isEqualTo(502);
      assertThat(asked.getInputStream().read()).isNegative();
    }
  }

  @Test
  void refusesAnAgreementWithANameThatIsNotWhole() throws Exception {
    String odd = RawUpstream.AGREED.replace("\r\n\r\n", "\r\nX A: b\r\n\r\n");
    try (RawUpstream upstream = new RawUpstream();
        RawClient client = ask(route(upstream));
        Socket asked = upstream.accept(odd)) {
      assertThat(asked.getInputStream().read()).isNegative();
      // No other one says it better.
      try (Socket again = upstream.accept(odd)) {
        assertThat(again.getInputStream().read()).isNegative();
      }
      assertThat(client.read().status()).isEqualTo(502);
    }
  }

  @Test
  void refusesAnAgreementThatNobodyAskedFor() throws Exception {
    try (RawUpstream upstream = new RawUpstream();
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "GET %s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n\r\n"
              .formatted(route(upstream), tenant.host(), tenant.key().reveal()));
      try (Socket _ = upstream.accept(RawUpstream.AGREED)) {
        assertThat(client.read().status()).isEqualTo(502);
      }
    }
  }

  @Test
  void triesAnotherEndpointWhereOneCannotBeConnected() throws Exception {
    try (RawUpstream upstream = new RawUpstream()) {
      String path =
          platform.route(
              EdgeService.of(
                  unique(),
                  List.of(
                      new Endpoint("127.0.0.1", deadPort()),
                      new Endpoint("127.0.0.1", upstream.port()))));
      // Of so many, one at least begins at the endpoint where nobody listens.
      for (int i = 0; i < 4; i++) {
        try (RawClient client = ask(path);
            Socket _ = upstream.accept(RawUpstream.AGREED)) {
          assertThat(client.readHead().status()).isEqualTo(101);
        }
      }
    }
  }

  @Test
  void isRefusedWhileTheServiceIsLeftAlone() throws Exception {
    String path = platform.route(failing(deadPort()));
    assertThat(statusOf(path)).isEqualTo(502);
    assertThat(statusOf(path)).isEqualTo(502);

    assertThat(statusOf(path)).isEqualTo(503);
  }

  private int statusOf(String path) throws IOException {
    try (RawClient client = ask(path)) {
      return client.read().status();
    }
  }

  private static EdgeService failing(int port) {
    EdgeService plain = EdgeService.of(unique(), List.of(new Endpoint("127.0.0.1", port)));
    CircuitBreaker breaker =
        new CircuitBreaker(
            OptionalInt.of(50),
            OptionalInt.of(4),
            OptionalInt.of(2),
            Optional.of(Duration.ofHours(1)),
            OptionalInt.of(1));
    return new EdgeService(
        plain.name(),
        plain.endpoints(),
        plain.protocol(),
        plain.connectTimeout(),
        plain.responseTimeout(),
        plain.totalTimeout(),
        plain.balancing(),
        plain.healthCheck(),
        plain.outlierDetection(),
        Optional.of(breaker),
        plain.retries(),
        plain.concurrency(),
        plain.compression(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void isNoRequestInFlightAnyMoreOnceItIsOpen() throws Exception {
    EdgeLimits one =
        new EdgeLimits(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(1),
            OptionalLong.empty(),
            OptionalLong.empty());
    TestTenant limited = platform.tenant(edge -> Platform.with(edge, one));
    try (RawUpstream upstream = new RawUpstream();
        RawClient client = ask(limited, route(upstream));
        Socket _ = upstream.accept(RawUpstream.AGREED)) {
      assertThat(client.readHead().status()).isEqualTo(101);

      assertThat(firstServed(limited)).isEqualTo(200);
    }
  }

  /** Another event loop may be a moment behind: the status after some that are 429. */
  private int firstServed(TestTenant whose) throws IOException {
    int status = 429;
    for (int attempt = 0; attempt < 200 && status == 429; attempt++) {
      status =
          RawClient.send(
                  platform.gateway.httpPort(),
                  "GET / HTTP/1.1",
                  "Host: " + whose.host(),
                  "X-API-Key: " + whose.key().reveal())
              .status();
    }
    return status;
  }

  @Test
  void opensNoMoreThanTheGatewayMay() throws Exception {
    ForwardConfig defaults = ForwardConfig.DEFAULT;
    ForwardConfig one =
        new ForwardConfig(
            defaults.connectTimeout(),
            defaults.responseTimeout(),
            defaults.maxInFlight(),
            defaults.connectionsPerEndpoint(),
            defaults.maxWaiting(),
            1,
            defaults.http2Connections(),
            defaults.clientIdle(),
            defaults.streamIdle(),
            defaults.webSocketIdle(),
            defaults.keepAlive());
    try (Platform small = new Platform(config -> Platform.with(config, one));
        RawUpstream upstream = new RawUpstream()) {
      TestTenant many = small.tenant();
      String handshake = RawUpstream.handshake(many, small.route(upstream.service(unique())));
      List<Integer> statuses = new ArrayList<>();
      List<AutoCloseable> open = new ArrayList<>();
      // One for each of its two event loops.
      while (statuses.size() < 3 && !statuses.contains(503)) {
        RawClient client = new RawClient(small.gateway.httpPort());
        client.write(handshake);
        open.add(client);
        statuses.add(answer(client, upstream, open));
      }

      assertThat(statuses).contains(101).endsWith(503);
      for (AutoCloseable each : open) {
        each.close();
      }
    }
  }

  /** The upstream is asked, or the gateway has answered by itself. */
  private static int answer(RawClient client, RawUpstream upstream, List<AutoCloseable> open)
      throws Exception {
    Thread agreeing =
        Thread.startVirtualThread(() -> {
          try {
            Socket asked = upstream.accept(RawUpstream.AGREED);
            synchronized (open) {
              open.add(asked);
            }
          } catch (IOException notAsked) {
            // The gateway refused.
          }
        });
    int status = client.readHead().status();
    if (status == 101) {
      agreeing.join();
    } else {
      upstream.close();
      agreeing.join();
    }
    return status;
  }
}
