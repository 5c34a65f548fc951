package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.forward.ForwardConfig;
import dev.gatehouse.gateway.outside.FaultyUpstream.Connection;
import dev.gatehouse.gateway.outside.FaultyUpstream.Script;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Clients that stand still: nothing is held for them, and no endpoint is to blame. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StalledClientsIT {
  private static final long CANCEL = 0x8;

  /** One failure would open the breaker: the next request would be refused. */
  private static final String TOUCHY =
      """
      ,"circuitBreaker":{"failureRatePercent":1,"window":1,"minimumRequests":1,"openFor":"PT1M"}\
      """;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http2 =
      vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false));
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    ForwardConfig impatient =
        Platform.patience(Duration.ofMillis(300), ForwardConfig.DEFAULT.streamIdle());
    platform = new Platform(config -> Platform.with(config, impatient));
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
    vertx.close().await();
  }

  private String route(FaultyUpstream upstream) throws Exception {
    EdgeService service = Services.of("stalled-" + UUID.randomUUID(), upstream.port(), TOUCHY);
    return platform.route(service);
  }

  private String head(String method, String path, String length) {
    return "%s %s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nContent-Length: %s\r\n\r\n"
        .formatted(method, path, tenant.host(), tenant.key().reveal(), length);
  }

  private HttpClientRequest http2Request(HttpMethod method, String path) {
    return http2
        .request(
            new RequestOptions()
                .setServer(
                    SocketAddress.inetSocketAddress(platform.gateway.httpPort(), "127.0.0.1"))
                .setHost(tenant.host())
                .setPort(80)
                .setMethod(method)
                .setURI(path)
                .putHeader("X-API-Key", tenant.key().reveal()))
        .await();
  }

  /** Answers what has no body, waits for the end of what has one. */
  private static void answerGets(Connection connection) throws IOException {
    String head = connection.readHead();
    if (head.startsWith("GET")) {
      connection.answer("served");
    }
    connection.awaitEnd();
  }

  /** Nothing was held against the service: its breaker is closed. */
  private void assertServed(String path) throws Exception {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head("GET", path, "0"));
      assertThat(client.read().body()).isEqualTo("served");
    }
  }

  @Test
  void answers408ToAnUploadThatStandsStill() throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(StalledClientsIT::answerGets);
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      String path = route(upstream);
      client.write(head("PUT", path, "10") + "half ");

      Response response = client.read();

      assertThat(response.status()).isEqualTo(408);
      assertThat(response.header("Connection")).isEqualTo("close");
      assertThat(client.isClosedByPeer()).isTrue();
      upstream.awaitNoneOpen();
      ForwardGauges.awaitNothingInFlight(platform);
      assertServed(path);
    }
  }

  @Test
  void answers408ToAnUploadThatNeverBegins() throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(StalledClientsIT::answerGets);
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      String path = route(upstream);
      client.write(head("PUT", path, "10"));

      assertThat(client.read().status()).isEqualTo(408);
      ForwardGauges.awaitNothingInFlight(platform);
      assertServed(path);
    }
  }

  @Test
  void answers408ToAnUploadThatStandsStillInHttp2() throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(StalledClientsIT::answerGets)) {
      String path = route(upstream);
      HttpClientRequest request = http2Request(HttpMethod.PUT, path).setChunked(true);
      Future<Buffer> body = request.response().compose(HttpClientResponse::body);
      request.write("half");

      assertThat(body.await().toString()).contains("request-timeout");
      HttpClientResponse response = request.response().await();
      assertThat(response.statusCode()).isEqualTo(408);
      assertThat(response.headers().contains("Connection")).isFalse();
      upstream.awaitNoneOpen();
      ForwardGauges.awaitNothingInFlight(platform);
      assertServed(path);
    }
  }

  @Test
  void cutsOffAClientThatTakesNothingOfItsResponse() throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(endless());
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head("GET", route(upstream), "0"));
      assertThat(client.readHead().status()).isEqualTo(200);

      upstream.awaitNoneOpen();

      ForwardGauges.awaitNothingInFlight(platform);
      assertThatThrownBy(() -> writeForSeconds(client))
          .as("it need not read for the connection to end")
          .isInstanceOf(SocketException.class);
    }
  }

  private static void writeForSeconds(RawClient client) throws Exception {
    for (int i = 0; i < 500; i++) {
      client.write("x");
      Thread.sleep(20);
    }
  }

  @Test
  void resetsTheStreamOfAClientThatTakesNothingOfItsResponse() throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(endless())) {
      assertReset(route(upstream));
      upstream.awaitNoneOpen();
    }
  }

  /** The upstream has ended long ago: only the client's window holds the rest back. */
  @Test
  void resetsTheStreamOfAClientThatDoesNotTakeTheRestOfItsResponse() throws Exception {
    try (FaultyUpstream upstream =
        new FaultyUpstream(connection -> {
          connection.readHead();
          connection.answer("x".repeat(90_000));
          connection.awaitEnd();
        })) {
      assertReset(route(upstream));
    }
  }

  private void assertReset(String path) throws Exception {
    HttpClientRequest request = http2Request(HttpMethod.GET, path);
    HttpClientResponse response = request.send().map(HttpClientResponse::pause).await();
    Promise<Void> broken = Promise.promise();
    response.exceptionHandler(broken::tryFail);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> broken.future().await())
        .isInstanceOfSatisfying(
            StreamResetException.class, reset -> assertThat(reset.getCode()).isEqualTo(CANCEL));
    ForwardGauges.awaitNothingInFlight(platform);
    assertStillOpen(request.connection());
  }

  /** The connection's other streams are none of its business. */
  private void assertStillOpen(HttpConnection connection) throws Exception {
    try (FaultyUpstream other = new FaultyUpstream(StalledClientsIT::answerGets)) {
      HttpClientRequest next = http2Request(HttpMethod.GET, route(other));
      assertThat(next.send().compose(HttpClientResponse::body).await().toString())
          .isEqualTo("served");
      assertThat(next.connection()).isSameAs(connection);
    }
  }

  private static Script endless() {
    return connection -> {
      connection.readHead();
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      connection.flood("4000\r\n" + "x".repeat(0x4000) + "\r\n", Long.MAX_VALUE);
    };
  }
}
