package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Http2Wire.CONTINUATION;
import static dev.gatehouse.gateway.edge.Http2Wire.DATA;
import static dev.gatehouse.gateway.edge.Http2Wire.END_HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.END_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of HTTP/2 that are malformed (RFC 9113 section 8), and what they are turned into. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2FramingTest {
  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new EdgeScene();
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  /**
   * Headers as they are sent.
   *
   * @param fields names and values; PATH and TENANT stand for those of the scene
   */
  record Head(String name, List<String> fields) {
    static Head of(String name, String... fields) {
      return new Head(name, List.of(fields));
    }

    /** A GET with these fields, instead of its own or beside them. */
    static Head with(String... changes) {
      String[] fields = {
        ":method", "GET", ":scheme", "http", ":path", "PATH", ":authority", "TENANT"
      };
      String[] more = {};
      for (int i = 0; i < changes.length; i += 2) {
        int at = Arrays.asList(fields).indexOf(changes[i]);
        if (at >= 0 && at % 2 == 0) {
          fields[at + 1] = changes[i + 1];
        } else {
          more = append(more, changes[i], changes[i + 1]);
        }
      }
      return Head.of(String.join(" ", changes), append(fields, more));
    }

    static Head without(String removed, String... more) {
      Head head = with();
      int at = head.fields.indexOf(removed);
      String[] before = head.fields.subList(0, at).toArray(String[]::new);
      String[] after = head.fields.subList(at + 2, head.fields.size()).toArray(String[]::new);
      String name = "without " + removed + " " + String.join(" ", more);
      return of(name, append(append(before, after), more));
    }

    private static String[] append(String[] some, String... more) {
      String[] all = Arrays.copyOf(some, some.length + more.length);
      System.arraycopy(more, 0, all, some.length, more.length);
      return all;
    }

    @Override
    public String toString() {
      return name.replace("\r", "<CR>").replace("\n", "<LF>").replace("\0", "<NUL>");
    }
  }

  private byte[] blockOf(Head head, String path) {
    String[] filled =
        head.fields.stream()
            .map(text -> text.replace("PATH", path).replace("TENANT", scene.tenant.host()))
            .toArray(String[]::new);
    return Http2Wire.joined(
        Http2Wire.block(filled), Http2Wire.block("x-api-key", scene.tenant.key().reveal()));
  }

  private Http2Wire connect() throws Exception {
    return new Http2Wire(scene.connect());
  }

  static Stream<Head> refused() {
    return Stream.of(values(), names(), connectionHeaders(), methods(), targets(), authorities())
        .flatMap(heads -> heads);
  }

  private static Stream<Head> values() {
    return Stream.of(
        Head.with("x-a", "a\r\nx-tenant-id: b"),
        Head.with("x-a", "a\nb"),
        Head.with("x-a", "a\rb"),
        Head.with("x-a", "a\0b"),
        Head.with("x-a", "a\r\n\r\nGET /smuggled HTTP/1.1"),
        Head.with(":method", "GET / HTTP/1.1\r\nx: y"),
        Head.with(":path", "PATH HTTP/1.1\r\nx: y"),
        Head.with(":authority", "TENANT\r\nx: y"));
  }

  private static Stream<Head> names() {
    return Stream.of("X-A", "x a", "x-a:", "a:b", "", " x", "x\r\ny", "x\0y", "x\u00e9", "x\"")
        .map(name -> Head.with(name, "a"));
  }

  private static Stream<Head> connectionHeaders() {
    return Stream.of(
        Head.with("connection", "close"),
        Head.with("keep-alive", "1"),
        Head.with("proxy-connection", "close"),
        Head.with("transfer-encoding", "chunked"),
        Head.with("upgrade", "websocket"),
        Head.with("te", "gzip"));
  }

  private static Stream<Head> methods() {
    return Stream.of(
        Head.with(":method", ""),
        Head.with(":method", "G T"),
        Head.with(":method", "G=T"),
        Head.with(":method", "G\u00c9T"),
        Head.without(":method"),
        Head.with(":method", "CONNECT"),
        Head.with(":method", "CONNECT", ":protocol", "websocket"));
  }

  private static Stream<Head> targets() {
    return Stream.concat(
        Stream.of(
                "PATH a",
                "",
                "a",
                "*",
                "http://TENANTPATH",
                "PATH\u00e9",
                "PATH\u0001",
                "PATH#a",
                "PATH..",
                "PATH%2e%2e/a",
                "PATH%2fa",
                "PATH%00",
                "PATHa?b c",
                "PATH\\a",
                "?a")
            .map(path -> Head.with(":path", path)),
        Stream.of(
            Head.without(":path"),
            Head.without(":scheme"),
            Head.with(":scheme", ""),
            Head.with(":scheme", "ftp"),
            Head.with(":scheme", "http://evil/?"),
            Head.with(":scheme", "http "),
            Head.with(":foo", "a"),
            Head.with(":status", "200"),
            Head.of(
                "two paths",
                ":method",
                "GET",
                ":scheme",
                "http",
                ":path",
                "PATH",
                ":path",
                "PATHb",
                ":authority",
                "TENANT"),
            Head.of(
                "two methods",
                ":method",
                "GET",
                ":method",
                "POST",
                ":scheme",
                "http",
                ":path",
                "PATH",
                ":authority",
                "TENANT"),
            Head.of(
                "a pseudo-header at the end",
                ":method",
                "GET",
                ":scheme",
                "http",
                "x-a",
                "a",
                ":path",
                "PATH",
                ":authority",
                "TENANT")));
  }

  private static Stream<Head> authorities() {
    return Stream.of(
        Head.without(":authority"),
        Head.without(":authority", "host", ""),
        Head.without(":authority", "host", "TENANT", "host", "TENANT"),
        Head.without(":authority", "host", "TENANT", "host", "other.example.test"),
        Head.with(":authority", ""),
        Head.with(":authority", "TENANT", "host", "other.example.test"),
        Head.with(":authority", "TENANT", "host", "TENANT", "host", "other.example.test"),
        Head.with(":authority", "user@TENANT"),
        Head.with(":authority", "TENANT/a"),
        Head.with(":authority", "TENANT:x"),
        Head.with(":authority", "TENANT:65536"),
        Head.with(":authority", "TENANT, other"),
        Head.with(":authority", "a_b.example.test"),
        Head.with(":authority", "\u00e9.example.test"),
        Head.of(
            "two authorities",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "PATH",
            ":authority",
            "TENANT",
            ":authority",
            "TENANT"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(Head head) throws Exception {
    String path = scene.newPath();
    try (Http2Wire client = connect()) {
      client.send(HEADERS, END_HEADERS | END_STREAM, 1, blockOf(head, path));

      assertThat(client.outcome(1)).isIn("reset", "goaway", "closed", "400", "405");
    }
    scene.sendMarker();
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"5,3", "3,5", "0,3", "+3,3", "-1,3", "x,3", "'3,4',3", "'',3", "0x3,3", "'3 ',3"})
  void refusesABodyThatIsNotOfItsLength(String announced, int sent) throws Exception {
    String path = scene.newPath();
    try (Http2Wire client = connect()) {
      byte[] head = blockOf(Head.with(":method", "POST", "content-length", announced), path);
      client.send(HEADERS, END_HEADERS, 1, head);
      client.send(
          DATA, END_STREAM, 1, "abcdef".substring(0, sent).getBytes(StandardCharsets.US_ASCII));

      assertThat(client.outcome(1)).isIn("reset", "goaway", "400");
    }
    scene.sendMarker();
    // It may have begun; then it was broken off.
    scene.upstream.carrying(path).forEach(c -> assertThat(c.hasEnded()).isTrue());
  }

  /** What the codec lets through has one length, in one form, on its way to the upstream. */
  @ParameterizedTest
  @CsvSource({"03", "'3,3'"})
  void forwardsALengthInOneForm(String announced) throws Exception {
    String path = scene.newPath();
    try (Http2Wire client = connect()) {
      byte[] head = blockOf(Head.with(":method", "POST", "content-length", announced), path);
      client.send(HEADERS, END_HEADERS, 1, head);
      client.send(DATA, END_STREAM, 1, (byte) 'a', (byte) 'b', (byte) 'c');

      assertThat(client.outcome(1)).isEqualTo("200");
    }
    String seen = scene.upstream.awaitCarrying(path).received();
    assertThat(seen.lines().filter(line -> line.matches("(?i)content-length: ?3")).count())
        .isEqualTo(1);
    assertThat(seen).endsWith("\r\n\r\nabc");
  }

  @Test
  void refusesTwoLengths() throws Exception {
    String path = scene.newPath();
    try (Http2Wire client = connect()) {
      Head head = Head.with(":method", "POST", "content-length", "3", "content-length", "4");
      client.send(HEADERS, END_HEADERS, 1, blockOf(head, path));
      client.send(DATA, END_STREAM, 1, (byte) 'a', (byte) 'b', (byte) 'c');

      assertThat(client.outcome(1)).isIn("reset", "goaway", "400");
    }
    scene.sendMarker();
    scene.upstream.carrying(path).forEach(c -> assertThat(c.hasEnded()).isTrue());
  }

  @ParameterizedTest
  @CsvSource({"x-tenant-id", "x_tenant_id", "authorization", "content-length", "x-a"})
  void dropsTrailers(String name) throws Exception {
    String path = scene.newPath();
    try (Http2Wire client = connect()) {
      client.send(HEADERS, END_HEADERS, 1, blockOf(Head.with(":method", "POST"), path));
      client.send(DATA, 0, 1, (byte) 'a');
      client.send(HEADERS, END_HEADERS | END_STREAM, 1, Http2Wire.block(name, "66"));

      assertThat(client.outcome(1)).isEqualTo("200");
    }
    assertThat(scene.upstream.awaitCarrying(path).received()).doesNotContain("66\r\n");
  }

  @Test
  void refusesAPseudoHeaderInTrailers() throws Exception {
    String path = scene.newPath();
    try (Http2Wire client = connect()) {
      client.send(HEADERS, END_HEADERS, 1, blockOf(Head.with(":method", "POST"), path));
      client.send(DATA, 0, 1, (byte) 'a');
      client.send(HEADERS, END_HEADERS | END_STREAM, 1, Http2Wire.block(":path", "/other"));

      assertThat(client.outcome(1)).isIn("reset", "goaway", "400");
    }
    scene.sendMarker();
    scene.upstream.carrying(path).forEach(c -> assertThat(c.hasEnded()).isTrue());
  }

  @Test
  void servesAProperRequestInPieces() throws Exception {
    String path = scene.newPath();
    try (Http2Wire client = connect()) {
      byte[] block = blockOf(Head.without(":authority", "host", "TENANT"), path);
      client.send(HEADERS, END_STREAM, 1, Arrays.copyOf(block, 10));
      client.send(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(block, 10, block.length));

      assertThat(client.outcome(1)).isEqualTo("200");
    }
    assertThat(scene.upstream.awaitCarrying(path).received()).doesNotContain("smuggled");
  }
}
