package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that ask before they send a body (RFC 9110 section 10.1.1), and upstreams that refuse.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExpectationIT {
  private static final int LENGTH = 1_000_000;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false));
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
    vertx.close().await();
  }

  private static FaultyUpstream.Script refusing(int status) {
    return connection -> {
      connection.readHead();
      connection.send("HTTP/1.1 %d No\r\nContent-Length: 2\r\n\r\nno".formatted(status));
      connection.awaitEnd();
    };
  }

  private String route(FaultyUpstream upstream) throws Exception {
    return platform.route(Services.http1("expects-" + UUID.randomUUID(), upstream.port()));
  }

  private String head(String path, String expectation) {
    return "POST %s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nContent-Length: %d\r\nExpect: %s\r\n\r\n"
        .formatted(path, tenant.host(), tenant.key().reveal(), LENGTH, expectation);
  }

  @ParameterizedTest
  @ValueSource(ints = {413, 417})
  void passesOnThatTheUpstreamRefusesTheBody(int status) throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(refusing(status));
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head(route(upstream), "100-continue"));
      assertThat(client.read().status()).isEqualTo(100);
      client.write("the beginning");

      Response response = client.read();

      assertThat(response.status()).isEqualTo(status);
      assertThat(response.body()).isEqualTo("no");
      // What is left of the body must not be taken for a request.
      assertThat(client.isClosedByPeer()).isTrue();
      upstream.awaitNoneOpen();
      ForwardGauges.awaitNothingInFlight(platform);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {413, 417})
  void passesOnThatTheUpstreamRefusesTheBodyInHttp2(int status) throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(refusing(status))) {
      HttpClientRequest request =
          client
              .request(
                  new RequestOptions()
                      .setServer(
                          SocketAddress.inetSocketAddress(platform.gateway.httpPort(), "127.0.0.1"))
                      .setHost(tenant.host())
                      .setPort(80)
                      .setMethod(HttpMethod.POST)
                      .setURI(route(upstream))
                      .putHeader("X-API-Key", tenant.key().reveal())
                      .putHeader("Content-Length", Integer.toString(LENGTH))
                      .putHeader("Expect", "100-continue"))
              .await();
      Future<Buffer> body = request.response().compose(HttpClientResponse::body);
      request.continueHandler(_ -> request.write("the beginning"));
      request.sendHead();

      assertThat(body.await().toString()).isEqualTo("no");
      assertThat(request.response().await().statusCode()).isEqualTo(status);
      upstream.awaitNoneOpen();
      ForwardGauges.awaitNothingInFlight(platform);
    }
  }

  @Test
  void refusesWhatItCannotMeetWithoutAskingForTheBody() throws Exception {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(head("/", "200-ok"));

      assertThat(client.read().status()).isEqualTo(417);
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }
}
