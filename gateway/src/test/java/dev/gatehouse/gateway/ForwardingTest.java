package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way to the upstream and back, when it goes well and when it does not. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardingTest {
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

  private String head(String requestLine, String... headers) {
    return requestLine
        + "\r\nHost: "
        + tenant.host()
        + "\r\nX-API-Key: "
        + tenant.key().reveal()
        + "\r\n"
        + String.join("", List.of(headers).stream().map(line -> line + "\r\n").toList())
        + "\r\n";
  }

  private Response send(String requestLine, String... headers) throws IOException {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head(requestLine, headers));
      return client.read();
    }
  }

  /** A service of its own under a path of its own. */
  private String route(int port, Optional<Duration> responseTimeout) throws Exception {
    String name = "service-" + UUID.randomUUID();
    platform.feed.put(
        new EdgeService(
            name,
            List.of(new EdgeService.Endpoint("127.0.0.1", port)),
            Optional.empty(),
            Optional.empty(),
            responseTimeout,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
    platform.feed.awaitApplied(
        platform.feed.put(EdgeRoute.toService(UUID.randomUUID(), "/" + name, name)));
    return "/" + name;
  }

  @Test
  void streamsALargeResponse() throws Exception {
    assertThat(send("GET /?mode=large HTTP/1.1").body()).hasSize(5_000_000);
  }

  @Test
  void streamsAResponseOfUnknownLength() throws Exception {
    Response response = send("GET /?mode=chunked HTTP/1.1");

    assertThat(response.header("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(response.body()).isEqualTo("one two");
  }

  @Test
  void endsAResponseOfUnknownLengthByClosingForHttp10() throws Exception {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head("GET /?mode=chunked HTTP/1.0"));
      Response response = client.read();

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("Transfer-Encoding")).isEmpty();
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void sendsTheBodyAsItIs() throws Exception {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head("POST /body HTTP/1.1", "Content-Length: 5") + "hello");

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(platform.upstream.last().body()).isEqualTo("hello");
      assertThat(platform.upstream.last().values("Content-Length")).containsExactly("5");
    }
  }

  @Test
  void invitesTheBodyOfAClientThatAsksFirst() throws Exception {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head("POST /body HTTP/1.1", "Content-Length: 5", "Expect: 100-continue"));
      assertThat(client.read().status()).isEqualTo(100);
      client.write("hello");

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(platform.upstream.last().values("Expect")).isEmpty();
    }
  }

  @Test
  void keepsTheConnectionForTheNextRequest() throws Exception {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      for (String line :
          List.of("GET /?mode=204 HTTP/1.1", "HEAD / HTTP/1.1", "GET /?mode=chunked HTTP/1.1")) {
        client.write(head(line));
        if (line.startsWith("HEAD")) {
          assertThat(client.readHead().status()).isEqualTo(200);
        } else {
          assertThat(client.read().status()).isLessThan(300);
        }
      }
    }
  }

  @Test
  void dropsWhatBelongsToTheUpstreamsConnection() throws Exception {
    Response response = send("GET /?mode=hop HTTP/1.1");

    assertThat(response.header("X-Kept")).isEqualTo("1");
    assertThat(response.header("X-Secret")).isEmpty();
    assertThat(response.header("Keep-Alive")).isEmpty();
    assertThat(response.header("X-Tenant-Foo")).isEmpty();
  }

  @Test
  void withholdsAResponseStampedWithAnotherTenant() throws Exception {
    for (String mode : List.of("stamp-other", "stamp-both")) {
      Response withheld = send("GET /?mode=" + mode + " HTTP/1.1");
      assertThat(withheld.status()).as(mode).isEqualTo(502);
      assertThat(withheld.body()).contains("/foreign-response").doesNotContain("00000000");
    }
    Response own = send("GET /?mode=stamp-own HTTP/1.1");
    assertThat(own.status()).isEqualTo(200);
    assertThat(own.header("X-Tenant-Id")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"101", "999"})
  void withholdsAStatusThatEndsNoRequest(String status) throws Exception {
    assertThat(send("GET /?mode=" + status + " HTTP/1.1").status()).isEqualTo(502);
  }

  @Test
  void answers502WhenNobodyListens() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    Response response = send("GET " + route(port, Optional.empty()) + " HTTP/1.1");

    assertThat(response.status()).isEqualTo(502);
    assertThat(response.header("Proxy-Status")).isEqualTo("gatehouse; error=connection_refused");
  }

  @Test
  void answers502WhenTheUpstreamCutsTheConnection() throws Exception {
    Response response = send("GET /?mode=cut HTTP/1.1");

    assertThat(response.status()).isEqualTo(502);
    assertThat(response.header("Proxy-Status")).isEqualTo("gatehouse; error=connection_terminated");
  }

  @Test
  void answers504WhenTheUpstreamIsSilent() throws Exception {
    String path = route(platform.upstream.port(), Optional.of(Duration.ofMillis(200)));

    Response response = send("GET " + path + "?mode=silent HTTP/1.1");

    assertThat(response.status()).isEqualTo(504);
    assertThat(response.header("Proxy-Status")).isEqualTo("gatehouse; error=http_response_timeout");
  }

  @Test
  void cutsTheClientOffWhenTheUpstreamBreaksWithinTheBody() throws Exception {
    assertThatThrownBy(() -> send("GET /?mode=cut-in-body HTTP/1.1"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void cancelsTheUpstreamWhenTheClientIsGone() throws Exception {
    int before = platform.upstream.received().size();
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head("GET /?mode=silent HTTP/1.1"));
      platform.upstream.awaitReceived(before + 1);
    }

    assertThat(platform.upstream.abandoned.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void refusesABodyOverTheTenantsLimitHoweverItIsAnnounced() throws Exception {
    TestTenant limited =
        platform.tenant(edge ->
            Platform.with(
                edge,
                new EdgeLimits(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.of(10))));
    String head =
        "POST / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n"
            .formatted(limited.host(), limited.key().reveal());
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head + "Content-Length: 11\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(413);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head + "Transfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n12345678\r\n");
      assertThat(client.read().status()).isEqualTo(413);
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void answers404WhereNothingIsRouted() throws Exception {
    try (Platform bare = new Platform()) {
      TestTenant other = bare.tenant();
      bare.feed.awaitApplied(bare.feed.remove(EdgeObject.Kind.SERVICE, "app"));

      Response response =
          RawClient.send(
              bare.gateway.httpPort(),
              "GET / HTTP/1.1",
              "Host: " + other.host(),
              "X-API-Key: " + other.key().reveal());

      assertThat(response.status()).isEqualTo(404);
      assertThat(response.body()).contains("no-route");
    }
  }
}
