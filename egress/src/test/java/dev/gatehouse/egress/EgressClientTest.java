package dev.gatehouse.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.net.AddressRange;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EgressClientTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final EgressPolicy LOCAL =
      new EgressPolicy(List.of(AddressRange.parse("127.0.0.0/8")));

  private final Vertx vertx = Vertx.vertx();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final HttpServer server =
      vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1").await();
  private final EgressClient client =
      EgressClient.forSingleFetches(vertx, LOCAL, "test", Duration.ofSeconds(2));

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private void answer(HttpServerRequest request) {
    asked.add(request.getHeader("Host") + request.uri());
    switch (String.valueOf(request.path())) {
      case "/text" -> request.response().end("hello");
      case "/away" -> request.response().setStatusCode(302).putHeader("Location", "/text").end();
      case "/endless" -> {
        request.response().setChunked(true).write("x".repeat(100));
        vertx.setPeriodic(10, _ -> request.response().write("x".repeat(100)));
      }
      case "/drip" -> {
        request.response().setChunked(true).write("x");
        vertx.setPeriodic(100, _ -> request.response().write("x"));
      }
      default -> {} // It never answers.
    }
  }

  @Test
  void asksTheAddressThatItIsGivenForTheHost() {
    EgressClient.Fetched fetched = get("/text", 100);

    assertThat(fetched.status()).isEqualTo(200);
    assertThat(fetched.body()).isEqualTo("hello");
    assertThat(fetched.headers().get("Content-Length")).isEqualTo("5");
    assertThat(asked).containsExactly("no-such-host.example:" + server.actualPort() + "/text");
  }

  @Test
  void followsNoRedirect() {
    assertThat(get("/away", 100).status()).isEqualTo(302);
    assertThat(asked).hasSize(1);
  }

  @Test
  void readsNoMoreThanItIsAskedTo() {
    assertThat(get("/endless", 150).body()).hasSize(150);
  }

  @Test
  void givesUpAtItsDeadline() {
    assertThatThrownBy(() -> get("/nothing", 100)).isInstanceOf(EgressException.class);
    assertThatThrownBy(() -> get("/drip", 100_000)).isInstanceOf(EgressException.class);
  }

  @Test
  void connectsToNoAddressThatIsNotAllowed() {
    EgressClient strict =
        EgressClient.forSingleFetches(
            vertx, new EgressPolicy(List.of()), "test", Duration.ofSeconds(2));

    assertThatThrownBy(() -> strict.get(LOOPBACK, url("/text"), 100).await())
        .isInstanceOf(EgressException.class)
        .hasMessageContaining("not an address of the public Internet");
    assertThat(asked).isEmpty();
  }

  @Test
  void saysThatNobodyListens() {
    int port = server.actualPort();
    server.close().await();

    assertThatThrownBy(() ->
            client.get(LOOPBACK, URI.create("http://a.example:" + port + "/text"), 100).await())
        .isInstanceOf(EgressException.class)
        .hasMessageContaining("cannot be fetched");
  }

  private EgressClient.Fetched get(String path, int maxBytes) {
    return client.get(LOOPBACK, url(path), maxBytes).await();
  }

  private URI url(String path) {
    return URI.create("http://no-such-host.example:" + server.actualPort() + path);
  }
}
