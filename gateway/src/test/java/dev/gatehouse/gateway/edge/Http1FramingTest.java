package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Attack.GET;
import static dev.gatehouse.gateway.edge.Attack.SMUGGLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Eventually;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of HTTP/1 that two servers could frame in two ways (RFC 9112). */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http1FramingTest {
  private static final String LONG = "a".repeat(20_000);

  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new EdgeScene();
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  private static Stream<Attack> all(List<?>... attacks) {
    return Stream.of(attacks).flatMap(List::stream).map(Attack.class::cast);
  }

  static Stream<Attack> refused() {
    return all(lengths(), transferCodings(), lines(), names(), requestLines(), others());
  }

  private static List<Attack> lengths() {
    return Attack.headers(
        400,
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5, 5",
        "Content-Length: 5,",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 05",
        "Content-Length: 00",
        "Content-Length: 5a",
        "Content-Length: 5 5",
        "Content-Length: \u00b2",
        "Content-Length: 5\u000b",
        "Content-Length:",
        "Content-Length: 18446744073709551621",
        "Content-Length: 99999999999999999999",
        "Content-Length:\r\n 5",
        "Content-Length : 5",
        "Content-Length\t: 5");
  }

  private static List<Attack> transferCodings() {
    return all(
            Attack.headers(
                400,
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding: chunked\u000b",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: identity",
                "Transfer-Encoding:",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding:\r\n chunked",
                "Transfer-Encoding: chunked\r\n ,identity",
                "Transfer-Encoding : chunked",
                " Transfer-Encoding: chunked"),
            Attack.headers(
                501,
                "Transfer-Encoding: ,chunked",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: gzip, chunked"),
            List.of(
                Attack.of(
                    400,
                    "coding in HTTP/1.0",
                    "POST PATH HTTP/1.0\r\nHEAD\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")))
        .toList();
  }

  private static List<Attack> lines() {
    return List.of(
        Attack.of(400, "bare LF", (GET + "\r\n").replace("\r\n", "\n")),
        Attack.of(400, "bare LF after the request line", GET.replaceFirst("\r\n", "\n") + "\r\n"),
        Attack.of(400, "bare LF after a header", GET + "X-A: a\n\r\n"),
        Attack.of(400, "bare LF at the end", GET + "\n"),
        Attack.of(400, "bare CR in a value", GET + "X-A: a\rb\r\n\r\n"),
        Attack.of(400, "bare CR in a name", GET + "X\rA: a\r\n\r\n"),
        Attack.of(400, "CR CR LF", GET + "X-A: a\r\r\n\r\n"),
        Attack.of(400, "bare CR before the request line", "\r" + GET + "\r\n"),
        Attack.of(400, "bare CR after an empty line", "\r\n\r" + GET + "\r\n"),
        Attack.of(400, "two CRs before the request line", "\r\r\n" + GET + "\r\n"),
        Attack.of(400, "NUL in a value", GET + "X-A: a\0b\r\n\r\n"),
        Attack.of(400, "NUL in a name", GET + "X\0A: a\r\n\r\n"),
        Attack.of(400, "control character in a value", GET + "X-A: a\u0001b\r\n\r\n"),
        Attack.of(400, "DEL in a value", GET + "X-A: a\u007fb\r\n\r\n"),
        Attack.of(400, "folded by a space", GET + "X-A: a\r\n b\r\n\r\n"),
        Attack.of(400, "folded by a tab", GET + "X-A: a\r\n\tX-Tenant-Id: b\r\n\r\n"),
        Attack.of(400, "folded into nothing", GET + "X-A: a\r\n \r\n\r\n"),
        Attack.of(
            400, "space before the first header", "GET PATH HTTP/1.1\r\n X: a\r\nHEAD\r\n\r\n"),
        Attack.of(400, "line without a colon", GET + "X-A\r\n\r\n"));
  }

  private static List<Attack> names() {
    return Attack.headers(
        400,
        ": a",
        " : a",
        "X A: a",
        "X-A : a",
        "X\u00e9: a",
        "X(A: a",
        "X@A: a",
        "X\"A: a",
        "X/A: a",
        "X=A: a",
        "X{A: a");
  }

  private static List<Attack> requestLines() {
    return List.of(
        Attack.of(505, "HTTP/0.9", GET.replace("1.1", "0.9") + "\r\n"),
        Attack.of(505, "HTTP/1.32", GET.replace("1.1", "1.32") + "\r\n"),
        Attack.of(505, "HTTP/2.0", GET.replace("1.1", "2.0") + "\r\n"),
        Attack.of(505, "HTTP/01.1", GET.replace("1.1", "01.1") + "\r\n"),
        Attack.of(400, "http/1.1", GET.replace("HTTP/", "http/") + "\r\n"),
        Attack.of(400, "no version", GET.replace(" HTTP/1.1", "") + "\r\n"),
        Attack.of(400, "another protocol", GET.replace("HTTP/1.1", "ICAP/1.0") + "\r\n"),
        Attack.of(400, "two spaces", GET.replace(" PATH", "  PATH") + "\r\n"),
        Attack.of(400, "tabs", GET.replace(" PATH ", "\tPATH\t") + "\r\n"),
        Attack.of(400, "CR as a space", GET.replace("PATH ", "PATH\r ") + "\r\n"),
        Attack.of(400, "space at the end", GET.replaceFirst("\r\n", " \r\n") + "\r\n"),
        Attack.of(400, "space before it", " " + GET + "\r\n"),
        Attack.of(400, "method G=T", GET.replace("GET", "G=T") + "\r\n"),
        Attack.of(400, "method of 8 bits", GET.replace("GET", "G\u00c9T") + "\r\n"),
        Attack.of(400, "method with NUL", GET.replace("GET", "G\0T") + "\r\n"),
        Attack.of(400, "method in lower case", GET.replace("GET", "get") + "\r\n"),
        Attack.of(400, "method in mixed case", GET.replace("GET", "Post") + "\r\n"),
        Attack.of(405, "PRI", GET.replace("GET", "PRI") + "\r\n"),
        Attack.of(405, "CONNECT", "CONNECT TENANT:80 HTTP/1.1\r\nHEAD\r\n\r\n"),
        Attack.of(405, "CONNECT with a path", GET.replace("GET", "CONNECT") + "\r\n"),
        Attack.of(405, "TRACE", GET.replace("GET", "TRACE") + "\r\n"),
        Attack.target(400, "PATH\u00e9"),
        Attack.target(400, "PATHa b"),
        Attack.target(400, "PATHa?b c"),
        Attack.target(400, "PATHa\tb"),
        Attack.target(400, "PATHa\u000bb"),
        Attack.target(400, "PATHa\u0001b"),
        Attack.target(400, "PATHa\u007fb"));
  }

  private static List<Attack> others() {
    return List.of(
        Attack.header(417, "Content-Length: 5\r\nExpect: y 100-continue"),
        Attack.header(417, "Content-Length: 5\r\nExpect: y\r\nExpect: 100-continue"),
        Attack.of(431, "more than 256 headers", GET + "A: b\r\n".repeat(300) + "\r\n"),
        Attack.of(
            431, "more than 32 KB of headers", GET + "A: " + LONG + "\r\nB: " + LONG + "\r\n\r\n"),
        Attack.of(414, "a long target", "GET PATH" + LONG + " HTTP/1.1\r\nHEAD\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(Attack attack) throws Exception {
    String path = scene.newPath();

    List<Integer> statuses = scene.sendToEnd(scene.filled(attack.bytes() + SMUGGLED, path));

    assertThat(statuses).hasSize(1).isSubsetOf(attack.statuses());
    scene.sendMarker();
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }

  /** The codec of a connection that was used before is the same, and so is what it refuses. */
  @ParameterizedTest
  @MethodSource("refused")
  void refusedAfterAProperRequest(Attack attack) throws Exception {
    String before = scene.newPath();
    String path = scene.newPath();

    List<Integer> statuses =
        scene.sendToEnd(
            scene.filled(GET + "\r\n", before) + scene.filled(attack.bytes() + SMUGGLED, path));

    assertThat(statuses).hasSize(2).startsWith(200);
    assertThat(attack.statuses()).contains(statuses.getLast());
    scene.sendMarker();
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }

  static Stream<Attack> brokenBodies() {
    return Stream.of(
        Attack.chunk("size 0x1", "0x1\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("size +1", "+1\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("size -1", "-1\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("size 1_", "1_\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("size in quotes", "\"1\"\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("no size", "\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("extension without a size", ";a=b\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("space before the size", " 1\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("space after the size", "1 \r\nA\r\n0\r\n\r\n"),
        Attack.chunk("size beyond 32 bits", "100000001\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("size beyond 64 bits", "10000000000000001\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("bare LF after the size", "1\nA\r\n0\r\n\r\n"),
        Attack.chunk("bare LF in an extension", "1;a\nb\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("bare CR in an extension", "1;a\rb\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("quoted CRLF in an extension", "1;a=\"\r\n\"\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("extension of 20 KB", "1;" + LONG + "\r\nA\r\n0\r\n\r\n"),
        Attack.chunk("no CRLF after the data", "1\r\nAB0\r\n\r\n"),
        Attack.chunk("bare LF after the data", "1\r\nA\n0\r\n\r\n"),
        Attack.chunk("bare LF at the end", "0\r\n\n"),
        Attack.chunk("bare LF in a trailer", "0\r\nX-A: a\n\r\n"),
        Attack.chunk("trailer without a colon", "0\r\nX-A\r\n\r\n"),
        Attack.chunk("trailers of 40 KB", "0\r\nA: " + LONG + "\r\nB: " + LONG + "\r\n\r\n"));
  }

  /** The head, and what came before, is with the upstream by then. */
  @ParameterizedTest
  @MethodSource("brokenBodies")
  void breaksOffWhatItBegan(Attack attack) throws Exception {
    String path = scene.newPath();
    String all = scene.filled(attack.bytes() + SMUGGLED, path);
    int begun = all.indexOf("abc") + 5;
    try (Socket client = scene.connect()) {
      EdgeScene.write(client, all.substring(0, begun));
      WireUpstream.Connection connection = scene.upstream.awaitCarrying("3\r\nabc\r\n");
      assertThat(connection.received()).contains(path);

      EdgeScene.write(client, all.substring(begun));

      assertThat(EdgeScene.statusesIn(EdgeScene.readToEnd(client))).containsExactly(400);
      Eventually.holds(connection::hasEnded);
      assertThat(connection.received()).endsWith("abc\r\n").doesNotContain("smuggled");
    }
    scene.upstream.forget();
    scene.sendMarker();
    assertThat(scene.upstream.carrying("smuggled")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("brokenBodies")
  void answersAtMostOneThatComesInOnePiece(Attack attack) throws Exception {
    String path = scene.newPath();

    assertThat(scene.sendToEnd(scene.filled(attack.bytes() + SMUGGLED, path))).containsExactly(400);

    scene.sendMarker();
    assertThat(scene.upstream.carrying(path + "smuggled")).isEmpty();
    scene.upstream.carrying(path).forEach(c -> assertThat(c.hasEnded()).isTrue());
  }
}
