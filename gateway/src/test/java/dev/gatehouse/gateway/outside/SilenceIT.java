package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.outside.FaultyUpstream.Script;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Connections over which nothing passes: closed between two requests, and at no other time. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SilenceIT {
  private static final Duration IDLE = Duration.ofMillis(250);

  /** Several times as long, so that every event of the timer is seen. */
  private static final long SILENT_NANOS = 4 * IDLE.toNanos();

  private final Vertx vertx = Vertx.vertx();
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform(config -> Platform.withConnectionIdle(config, IDLE));
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
    vertx.close().await();
  }

  /** Says nothing for long before its answer. */
  private static Script longPoll() {
    return connection -> {
      connection.readHead();
      LockSupport.parkNanos(SILENT_NANOS);
      connection.answer("at last");
      connection.awaitEnd();
    };
  }

  /** Says nothing for long between two events. */
  private static Script events() {
    return connection -> {
      connection.readHead();
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\none, \r\n");
      LockSupport.parkNanos(SILENT_NANOS);
      connection.send("3\r\ntwo\r\n0\r\n\r\n");
      connection.awaitEnd();
    };
  }

  private String route(FaultyUpstream upstream) throws Exception {
    return platform.route(Services.http1("silent-" + UUID.randomUUID(), upstream.port()));
  }

  private RawClient client() throws Exception {
    return new RawClient(platform.gateway.httpPort());
  }

  private String get(String path) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n\r\n"
        .formatted(path, tenant.host(), tenant.key().reveal());
  }

  private String bodyOf(Script script) throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(script);
        RawClient client = client()) {
      client.write(get(route(upstream)));
      return client.read().body();
    }
  }

  @Test
  void waitsForALongPoll() throws Exception {
    assertThat(bodyOf(longPoll())).isEqualTo("at last");
  }

  @Test
  void waitsForTheNextEvent() throws Exception {
    assertThat(bodyOf(events())).isEqualTo("one, two");
  }

  @Test
  void closesAConnectionThatIsNotUsedAgain() throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(longPoll());
        RawClient client = client()) {
      client.write(get(route(upstream)));
      assertThat(client.read().status()).isEqualTo(200);

      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void closesAConnectionWithHalfAHead() throws Exception {
    try (RawClient client = client()) {
      client.write("GET / HTTP/1.1\r\nHost: ");

      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void waitsForALongPollInHttp2AndClosesTheConnectionThen() throws Exception {
    assertServedAndClosedInHttp2(longPoll(), "at last");
  }

  @Test
  void waitsForTheNextEventInHttp2AndClosesTheConnectionThen() throws Exception {
    assertServedAndClosedInHttp2(events(), "one, two");
  }

  private void assertServedAndClosedInHttp2(Script script, String body) throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    HttpClient http2 =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false))
            .with(new PoolOptions().setHttp2MaxSize(1))
            .withConnectHandler(connection -> connection.closeHandler(_ -> closed.complete(null)))
            .build();
    try (FaultyUpstream upstream = new FaultyUpstream(script)) {
      Buffer received =
          http2
              .request(
                  new RequestOptions()
                      .setServer(
                          SocketAddress.inetSocketAddress(platform.gateway.httpPort(), "127.0.0.1"))
                      .setHost(tenant.host())
                      .setPort(80)
                      .setURI(route(upstream))
                      .putHeader("X-API-Key", tenant.key().reveal()))
              .compose(request -> request.send().compose(HttpClientResponse::body))
              .await();

      assertThat(received.toString()).isEqualTo(body);
      closed.get(10, TimeUnit.SECONDS);
    }
  }
}
