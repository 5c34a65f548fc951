package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Http2Wire.ACK;
import static dev.gatehouse.gateway.edge.Http2Wire.DATA;
import static dev.gatehouse.gateway.edge.Http2Wire.END_HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.END_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.GOAWAY;
import static dev.gatehouse.gateway.edge.Http2Wire.HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.PING;
import static dev.gatehouse.gateway.edge.Http2Wire.PRIORITY_FRAME;
import static dev.gatehouse.gateway.edge.Http2Wire.RST_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.SETTINGS;
import static dev.gatehouse.gateway.edge.Http2Wire.WINDOW_UPDATE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.connect.ConnectionsConfig;
import dev.gatehouse.gateway.edge.Http2Wire.Frame;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients of HTTP/2 that send frames that are no part of a request, and read every answer: only
 * their number gives them away.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2FrameFloodTest {
  private static final int FRAMES_A_SECOND = 50;
  private static final int ENHANCE_YOUR_CALM = 11;

  /** What kernels hold between both is sent without being looked at. */
  private static final int MANY = 500_000;

  private static final int RESET = -1;

  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    ConnectionsConfig defaults = ConnectionsConfig.DEFAULT;
    ConnectionsConfig connections =
        new ConnectionsConfig(
            defaults.perAddress(),
            defaults.perAddressPerSecond(),
            defaults.handshakes(),
            defaults.handshakeTimeout(),
            FRAMES_A_SECOND,
            defaults.floods(),
            defaults.shutOutFor(),
            defaults.exempt());
    scene = new EdgeScene(c -> Platform.with(c, Duration.ofSeconds(10), connections));
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  /** What is sent over and over. */
  enum Flood {
    SETTINGS_FRAMES(SETTINGS, 0, 0, "000400000100"),
    ACKNOWLEDGED_SETTINGS(SETTINGS, ACK, 0, ""),
    PINGS(PING, 0, 0, "0000000000000000"),
    ANSWERED_PINGS(PING, ACK, 0, "0000000000000000"),
    /** CVE-2019-9513. */
    PRIORITIES(PRIORITY_FRAME, 0, 3, "0000000010"),
    WINDOW_UPDATES(WINDOW_UPDATE, 0, 0, "00000001"),
    WINDOW_UPDATES_OF_A_STREAM_THAT_IS_OVER(WINDOW_UPDATE, 0, 1, "00000001"),
    UNKNOWN_FRAMES(0x42, 0, 0, "01");

    private final int type;
    private final int flags;
    private final int stream;
    private final String payload;

    Flood(int type, int flags, int stream, String payload) {
      this.type = type;
      this.flags = flags;
      this.stream = stream;
      this.payload = payload;
    }

    private void send(Http2Wire wire) throws IOException {
      wire.send(type, flags, stream, HexFormat.of().parseHex(payload));
    }
  }

  @ParameterizedTest
  @EnumSource
  void isToldToCalmDown(Flood flood) throws Exception {
    try (Http2Wire wire = new Http2Wire(scene.connect())) {
      wire.send(HEADERS, END_HEADERS | END_STREAM, 1, head(scene.newPath()));
      assertThat(wire.outcome(1)).isEqualTo("200");
      CompletableFuture<Integer> farewell = new CompletableFuture<>();
      Thread.startVirtualThread(() -> farewell.complete(farewellTo(wire)));
      int sent = 0;
      try {
        for (; sent < MANY && !farewell.isDone(); sent++) {
          flood.send(wire);
        }
      } catch (IOException closed) {
        // Fine, too.
      }

      assertThat(sent).isLessThan(MANY);
      // A kernel forgets what was not taken yet where more has come than was read.
      assertThat(farewell.join()).isIn(ENHANCE_YOUR_CALM, RESET);
    }
    scene.sendMarker();
  }

  /** The error that a connection is ended with; {@link #RESET} if there is none. */
  private static int farewellTo(Http2Wire wire) {
    try {
      for (Frame frame = wire.read(); frame != null; frame = wire.read()) {
        if (frame.type() == GOAWAY) {
          return frame.payload().getInt(4);
        }
      }
    } catch (IOException e) {
      // Reset.
    }
    return RESET;
  }

  /** Twice as often as data comes, which are more frames than a client may send otherwise. */
  @Test
  void letsAClientGrowItsWindowsAsDataComes() throws Exception {
    int bytes = 20_000_000;
    scene.upstream.answerWith(
        "HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n" + "a".repeat(bytes));
    try (Http2Wire wire = new Http2Wire(scene.connect())) {
      wire.send(HEADERS, END_HEADERS | END_STREAM, 1, head(scene.newPath()));
      int got = 0;
      while (got < bytes) {
        Frame frame = requireNonNull(wire.read());
        assertThat(frame.type()).isNotIn(GOAWAY, RST_STREAM);
        int length = frame.payload().readableBytes();
        if (frame.type() == DATA && length > 0) {
          got += length;
          for (int stream : List.of(0, 1)) {
            byte[] more = {0, 0, (byte) (length >>> 8), (byte) length};
            wire.send(WINDOW_UPDATE, 0, stream, more);
          }
        }
      }
    } finally {
      scene.upstream.answerWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  }

  /** A client that pings once for each request is none that floods. */
  @Test
  void letsAClientPingWithEachRequest() throws Exception {
    try (Socket socket = scene.connect();
        Http2Wire wire = new Http2Wire(socket)) {
      for (int i = 0; i < 12 * FRAMES_A_SECOND; i++) {
        wire.send(PING, 0, 0, new byte[8]);
        wire.send(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, head(scene.newPath()));
        assertThat(wire.outcome(2 * i + 1)).isEqualTo("200");
      }
    }
  }

  private byte[] head(String path) {
    return Http2Wire.block(
        ":method",
        "GET",
        ":scheme",
        "http",
        ":path",
        path,
        ":authority",
        scene.tenant.host(),
        "x-api-key",
        scene.tenant.key().reveal());
  }
}
