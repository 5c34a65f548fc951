package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.forward.ForwardConfig;
import dev.gatehouse.gateway.forward.WebSocketsConfig;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames of a WebSocket that cost its client less than whoever reads them. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSocketFloodTest {
  private static final int SMALL_FRAMES = 10;
  private static final int AT_ONCE = 10 * SMALL_FRAMES;
  private static final int MAX_MESSAGE = 1000;
  private static final String MASK = "00000000";

  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    ForwardConfig defaults = ForwardConfig.DEFAULT;
    ForwardConfig strict =
        new ForwardConfig(
            defaults.connectTimeout(),
            defaults.responseTimeout(),
            defaults.maxInFlight(),
            defaults.connectionsPerEndpoint(),
            defaults.maxWaiting(),
            defaults.maxTunnels(),
            defaults.http2Connections(),
            defaults.clientIdle(),
            defaults.streamIdle(),
            defaults.webSocketIdle(),
            defaults.keepAlive(),
            defaults.pace(),
            new WebSocketsConfig(SMALL_FRAMES, MAX_MESSAGE));
    platform = new Platform(config -> Platform.with(config, strict));
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  /** What is sent, how often, and with what the gateway closes. */
  enum Flood {
    PINGS(1008, 2 * AT_ONCE, "8980" + MASK),
    PONGS(1008, 2 * AT_ONCE, "8a80" + MASK),
    PINGS_THAT_CARRY_MUCH(1008, 2 * AT_ONCE, "89fd" + MASK + "61".repeat(125)),
    PINGS_WITHIN_A_MESSAGE(1008, 2 * AT_ONCE, "028161", "8980" + MASK),
    EMPTY_FRAGMENTS(1008, 2 * AT_ONCE, "0280" + MASK, "0080" + MASK),
    FRAGMENTS_OF_A_BYTE(1008, 2 * AT_ONCE, "0281" + MASK + "61", "0081" + MASK + "61"),
    BEGINNINGS_OF_MESSAGES(1008, 2 * AT_ONCE, "0181" + MASK + "61"),
    EMPTY_MESSAGES(1008, 2 * AT_ONCE, "8280" + MASK),
    A_LONG_MESSAGE(1009, 1, "82fe03e9" + MASK),
    A_MESSAGE_LONGER_THAN_MEMORY(1009, 1, "82ff7fffffffffffffff" + MASK),
    A_LENGTH_THAT_IS_NONE(1009, 1, "82ffffffffffffffffff" + MASK),
    A_LONG_MESSAGE_IN_FRAGMENTS(
        1009, 3, "02fe0190" + MASK + "61".repeat(400), "00fe0190" + MASK + "61".repeat(400));

    private final int code;
    private final int times;
    private final String first;
    private final String more;

    Flood(int code, int times, String frame) {
      this(code, times, frame, frame);
    }

    Flood(int code, int times, String first, String more) {
      this.code = code;
      this.times = times;
      this.first = first.length() < 8 ? masked(first) : first;
      this.more = more;
    }

    private static String masked(String frame) {
      return frame.substring(0, 4) + MASK + frame.substring(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isClosed(Flood flood) throws Exception {
    try (RawUpstream server = new RawUpstream();
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      String path = platform.route(server.service("flood-" + UUID.randomUUID()));
      client.write(RawUpstream.handshake(tenant, path));
      try (Socket upstream = server.accept(RawUpstream.AGREED)) {
        assertThat(client.readHead().status()).isEqualTo(101);
        byte[] all = HexFormat.of().parseHex(flood.first + flood.more.repeat(flood.times));
        client.socket().getOutputStream().write(all);

        // A kernel forgets what was not taken yet where more has come than was read.
        byte[] seen = readToEnd(client.socket());
        if (seen.length > 0) {
          assertThat(seen).containsExactly(0x88, 2, flood.code >>> 8, flood.code);
        }
        byte[] passed = readToEnd(upstream);
        assertThat(passed).hasSizeLessThan(all.length + 8);
        assertThat(closeCodeIn(passed)).isIn(flood.code, 0);
      }
    }
    assertThat(platform.metrics())
        .containsPattern(
            "gatehouse_websockets_ended_total\\{reason=\"%s\"} [1-9]"
                .formatted(flood.code == 1009 ? "too-long" : "flood"));
  }

  private static byte[] readToEnd(Socket socket) throws Exception {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[8192];
    try {
      for (int count = in.read(some); count >= 0; count = in.read(some)) {
        all.write(some, 0, count);
      }
    } catch (SocketException reset) {
      // The end, too.
    }
    return all.toByteArray();
  }

  /** Of the masked close frame at the end; 0 if there is none. */
  private static int closeCodeIn(byte[] passed) {
    int at = passed.length - 8;
    if (at < 0 || (passed[at] & 0xff) != 0x88) {
      return 0;
    }
    return ((passed[at + 6] ^ passed[at + 2]) & 0xff) << 8
        | ((passed[at + 7] ^ passed[at + 3]) & 0xff);
  }

  /** Many messages, pings now and then, and a message in large fragments. */
  @Test
  void letsAClientSayMuch() throws Exception {
    String message = "8184" + MASK + "61626364";
    String ping = "8980" + MASK;
    String inFragments =
        "01fe0190" + MASK + "61".repeat(400) + "80fe0190" + MASK + "61".repeat(400);
    byte[] all =
        HexFormat.of()
            .parseHex(
                message.repeat(50 * AT_ONCE) + ping.repeat(AT_ONCE / 2) + inFragments.repeat(100));
    try (RawUpstream server = new RawUpstream();
        RawClient client = new RawClient(platform.gateway.httpPort())) {
      String path = platform.route(server.service("talk-" + UUID.randomUUID()));
      client.write(RawUpstream.handshake(tenant, path));
      try (Socket upstream = server.accept(RawUpstream.AGREED)) {
        assertThat(client.readHead().status()).isEqualTo(101);
        client.socket().getOutputStream().write(all);

        assertThat(upstream.getInputStream().readNBytes(all.length)).isEqualTo(all);
      }
    }
  }
}
