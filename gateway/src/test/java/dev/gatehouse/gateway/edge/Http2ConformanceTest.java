package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Http2Wire.ACK;
import static dev.gatehouse.gateway.edge.Http2Wire.DATA;
import static dev.gatehouse.gateway.edge.Http2Wire.GOAWAY;
import static dev.gatehouse.gateway.edge.Http2Wire.HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.PING;
import static dev.gatehouse.gateway.edge.Http2Wire.RST_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.SETTINGS;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.edge.Http2Wire.Frame;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What RFC 9113 and RFC 7541 say that a server does with frames, valid and not, section by section:
 * the rows of {@code http2-conformance.txt}.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2ConformanceTest {
  private static final int SILENCE_MILLIS = 10_000;
  private static final String AFTER_DATA = "pong after DATA";

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
   * A row.
   *
   * @param ends any of which may come of it
   */
  record Row(String section, String what, List<String> ends, String steps) {
    @Override
    public String toString() {
      return section + " " + what;
    }

    boolean isMet(String end) {
      return ends.contains(end)
          || ends.stream()
              .map(wanted -> wanted.replace("!", ""))
              .anyMatch(error -> end.equals("goaway " + error))
          || ends.stream()
              .filter(wanted -> wanted.endsWith("!"))
              .anyMatch(error -> end.equals("reset " + error.replace("!", "")));
    }
  }

  static Stream<Row> rows() throws IOException {
    try (InputStream in =
        requireNonNull(
            Http2ConformanceTest.class.getResourceAsStream("/edge/http2-conformance.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(line -> List.of(line.split("\\|", -1)).stream().map(String::strip).toList())
              .map(row ->
                  new Row(row.get(0), row.get(1), List.of(row.get(2).split(" +", -1)), row.get(3)))
              .toList()
              .stream();
    }
  }

  private byte[] head(String method) {
    return Http2Wire.block(
        ":method",
        method,
        ":scheme",
        "http",
        ":path",
        scene.newPath(),
        ":authority",
        scene.tenant.host(),
        "x-api-key",
        scene.tenant.key().reveal());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isTreatedAsTheStandardSays(Row row) throws Exception {
    try (Socket socket = scene.connect();
        Http2Wire wire = new Http2Wire(socket)) {
      socket.setSoTimeout(SILENCE_MILLIS);
      try {
        new Http2Script(wire, head("GET"), head("POST")).run(row.steps);
      } catch (SocketTimeoutException silence) {
        throw new AssertionError(row + ": nothing more came", silence);
      } catch (SocketException ended) {
        // Before all was sent; why is read below.
      }

      String end = endOf(wire, Set.copyOf(row.ends));
      assertThat(row.isMet(end)).as("%s: %s, found %s", row, row.ends, end).isTrue();
    }
  }

  /** The first frame that says how it ends; an answer, only if one may come. */
  private static String endOf(Http2Wire wire, Set<String> wanted) throws Exception {
    boolean data = false;
    try {
      for (Frame frame = wire.read(); frame != null; frame = wire.read()) {
        String end =
            switch (frame.type()) {
              case GOAWAY -> "goaway " + Http2Error.valueOf(frame.payload().getInt(4));
              case RST_STREAM -> "reset " + Http2Error.valueOf(frame.payload().getInt(0));
              case PING ->
                  frame.flags() == ACK && frame.payload().getByte(0) == 1 ? pong(data, wanted) : "";
              case HEADERS -> wire.statusIn(frame).equals("200") ? "served" : "refused";
              default -> "";
            };
        boolean error = end.startsWith("goaway") || end.startsWith("reset");
        if (error || end.equals(AFTER_DATA) || wanted.contains(end)) {
          return end;
        }
        data |= frame.type() == DATA;
      }
      return "closed";
    } catch (SocketTimeoutException e) {
      return "silence";
    }
  }

  private static String pong(boolean afterData, Set<String> wanted) {
    if (!wanted.contains("first")) {
      return "pong";
    }
    return afterData ? AFTER_DATA : "first";
  }

  @Test
  void endsTheConnectionAfterItsFarewell() throws Exception {
    try (Http2Wire wire = new Http2Wire(scene.connect())) {
      wire.send(DATA, 0, 0, (byte) 1);

      assertThat(endOf(wire, Set.of())).isEqualTo("goaway PROTOCOL_ERROR");
      while (wire.read() != null) {
        // What comes before the end does not matter.
      }
    }
  }

  /** RFC 9113 section 3.4. */
  @Test
  void saysItsSettingsFirst() throws Exception {
    try (Http2Wire wire = new Http2Wire(scene.connect())) {
      Frame first = requireNonNull(wire.read());

      assertThat(first.type()).isEqualTo(SETTINGS);
      assertThat(first.flags()).isZero();
    }
  }

  @Test
  void takesNoOtherFrameForSettings() throws Exception {
    try (Socket socket = scene.connect()) {
      String ping = "\0\0\10\6\0\0\0\0\00012345678";
      EdgeScene.write(socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + ping);

      byte[] answer = EdgeScene.readToEnd(socket).getBytes(StandardCharsets.ISO_8859_1);
      // A farewell, and no answer to the PING.
      assertThat(HexFormat.of().formatHex(answer))
          .contains("0700000000")
          .doesNotContain("3132333435");
    }
  }

  @Test
  void takesNoOtherPreface() throws Exception {
    assertThat(scene.sendToEnd("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")).isSubsetOf(400, 405, 505);
    assertThat(scene.sendToEnd("INVALID CONNECTION PREFACE\r\n\r\n")).isSubsetOf(400, 405, 505);
  }
}
