package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Attack.GET;
import static dev.gatehouse.gateway.edge.Attack.POST;
import static dev.gatehouse.gateway.edge.Attack.SMUGGLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is odd and allowed over HTTP/1, and what upstreams may do to the framing of an answer. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http1ExchangeTest {
  private static final String LAST = "Connection: close\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new EdgeScene();
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  /** Sends them, which all must be answered 200, and gives what the upstream saw of them. */
  private String forwarded(int answers, String bytes) throws Exception {
    String path = scene.newPath();
    assertThat(scene.sendToEnd(scene.filled(bytes, path)))
        .hasSize(answers)
        .allMatch(status -> status == 200);
    return String.join("", scene.upstream.carrying(path).stream().map(c -> c.received()).toList());
  }

  @Test
  void framesTheBodyOfAGet() throws Exception {
    String seen = forwarded(2, GET + "Content-Length: 3\r\n\r\nabc" + GET + LAST + "\r\n");

    assertThat(seen).containsOnlyOnce("\r\n\r\nabc").containsIgnoringCase("content-length: 3");
  }

  @Test
  void framesTheChunkedBodyOfAGet() throws Exception {
    String chunks = "3;a=b\r\nabc\r\n0\r\n\r\n";

    String seen =
        forwarded(2, GET + "Transfer-Encoding: chunked\r\n\r\n" + chunks + GET + LAST + "\r\n");

    assertThat(seen).containsOnlyOnce("3\r\nabc\r\n").doesNotContain("a=b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n", "\r\n\r\n", "\n"})
  void skipsEmptyLinesBeforeARequest(String lines) throws Exception {
    forwarded(2, lines + GET + "\r\n" + lines + GET + LAST + "\r\n");
  }

  /** RFC 9112 section 9.6. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1\r\nConnection: close",
        "1.1\r\nConnection: Close",
        "1.1\r\nConnection: a, close",
        "1.1\r\nConnection: close, keep-alive",
        "1.1\r\nConnection: keep-alive\r\nConnection: a,\tclose",
        "1.0\r\nConnection: keep-alive, close",
        "1.0\r\nConnection: keep-alive\r\nConnection: close",
        "1.0\r\nConnection: close\r\nConnection: keep-alive"
      })
  void servesNothingBehindTheLastRequest(String connection) throws Exception {
    String last = GET.replaceFirst("1.1", connection).replace("HEAD", "HEAD\r\nA: b") + "\r\n";

    String path = scene.newPath();
    assertThat(scene.sendToEnd(scene.filled(last + SMUGGLED, path))).containsExactly(200);

    scene.sendMarker();
    assertThat(scene.upstream.carrying("smuggled")).isEmpty();
    boolean nominated = connection.contains(" a,");
    assertThat(requestFor(path).contains("\r\nA: b")).isNotEqualTo(nominated);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length",
        "Transfer-Encoding",
        "Host",
        "Authorization",
        "X-Tenant-Id",
        "X"
      })
  void dropsTrailers(String name) throws Exception {
    String chunks = "1\r\nA\r\n0\r\n" + name + ": 66\r\n\r\n";

    String seen = forwarded(1, POST + LAST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);

    assertThat(seen).contains("1\r\nA\r\n").doesNotContain("66\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
        "Connection: Upgrade\r\nUpgrade: h2c\r\n",
        "Upgrade: h2c\r\n",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: H2C\r\nHTTP2-Settings: !\r\n",
        "Connection: Upgrade\r\nUpgrade: foo, h2c\r\n"
      })
  void stripsTheUpgradeToHttp2(String upgrade) throws Exception {
    String post = POST + upgrade + "Content-Length: 3\r\n\r\nabc";

    String seen = forwarded(3, post + post + GET + LAST + "\r\n");

    // Not "h2c", which signatures in Base64 hold now and then.
    assertThat(seen)
        .doesNotContainIgnoringCase("\r\nupgrade:")
        .doesNotContainIgnoringCase("http2-settings");
  }

  /** Each of them is its host's, with its own key. */
  @Test
  void resolvesPipelinedRequestsOneByOne() throws Exception {
    TestTenant other = scene.platform.tenant();
    String path = scene.newPath();
    String second =
        "GET %sb HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n%s\r\n"
            .formatted(path, other.host(), other.key().reveal(), LAST);

    assertThat(scene.sendToEnd(scene.filled(GET + "\r\n", path) + second))
        .containsExactly(200, 200);

    assertThat(requestFor(path)).contains(scene.tenant.edge().id().toString());
    assertThat(requestFor(path + "b")).contains(other.edge().id().toString());
  }

  private String requestFor(String target) throws Exception {
    String seen = scene.upstream.awaitCarrying("GET " + target + " ").received();
    int start = seen.indexOf("GET " + target + " ");
    return seen.substring(start, seen.indexOf("\r\n\r\n", start));
  }

  /** The rest of a body, that nobody waits for, and what comes after it are no requests. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5000})
  void closesAfterAnAnswerThatCameBeforeTheBody(int more) throws Exception {
    String path = scene.newPath() + "early/";
    String rest = scene.filled(SMUGGLED, path) + "x".repeat(more);
    String head = POST + "Content-Length: " + (rest.length() + 3) + "\r\n\r\nabc";
    try (Socket client = scene.connect()) {
      EdgeScene.write(client, scene.filled(head, path));
      WireUpstream.Connection connection = scene.upstream.awaitCarrying(path);
      EdgeScene.write(client, rest + scene.filled(SMUGGLED, path));

      assertThat(EdgeScene.statusesIn(EdgeScene.readToEnd(client))).containsExactly(200);
      Eventually.holds(connection::hasEnded);
    }
    scene.sendMarker();
    assertThat(scene.upstream.carrying("GET " + path + "smuggled")).isEmpty();
  }

  /** The upstream answers 200 to the handshake: what follows is neither a frame nor a request. */
  @Test
  void opensNoTunnelWithoutA101() throws Exception {
    String path = scene.newPath();
    String handshake = GET + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    scene.sendToEnd(scene.filled(handshake + SMUGGLED, path));

    scene.sendMarker();
    assertThat(scene.upstream.carrying("smuggled")).isEmpty();
    for (WireUpstream.Connection connection : scene.upstream.carrying(path)) {
      Eventually.holds(connection::hasEnded);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length x: 3\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding x: chunked\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-Tenant-Id x: somebody\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX A: b\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX\tA: b\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX A : b\r\n\r\nok",
        "HTTP/1.1 103 Early Hints\r\nX A: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 103 Early Hints\r\nX: b\r\n\r\nHTTP/1.1 200 OK\r\nX A: b\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\n: b\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        "HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nnocolon\r\n\r\nok"
      })
  void answers502ToWhatCannotBeFramed(String answer) throws Exception {
    String path = scene.newPath();
    scene.upstream.answerWith(answer);
    try {
      assertThat(RawClient.send(scene.platform.gateway.httpPort(), lines(path)).status())
          .isEqualTo(502);
    } finally {
      scene.upstream.answerWith(OK);
    }
    List<WireUpstream.Connection> asked = scene.upstream.carrying(path);
    assertThat(asked).isNotEmpty();
    for (WireUpstream.Connection connection : asked) {
      Eventually.holds(connection::hasEnded);
    }
  }

  /** RFC 9112 section 5.1: a proxy removes it. */
  @ParameterizedTest
  @ValueSource(strings = {"X-A : b", "X-A\t: b", "X-A \t : b"})
  void takesWhatIsBetweenANameAndItsColonOffAnAnswer(String line) throws Exception {
    scene.upstream.answerWith("HTTP/1.1 200 OK\r\n" + line + "\r\nContent-Length: 2\r\n\r\nok");
    try {
      RawClient.Response response =
          RawClient.send(scene.platform.gateway.httpPort(), lines(scene.newPath()));

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("X-A")).isEqualTo("b");
    } finally {
      scene.upstream.answerWith(OK);
    }
  }

  private String[] lines(String path) {
    return scene.filled(GET, path).strip().split("\r\n");
  }
}
