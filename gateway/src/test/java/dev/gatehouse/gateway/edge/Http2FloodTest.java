package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Http2Wire.CONTINUATION;
import static dev.gatehouse.gateway.edge.Http2Wire.DATA;
import static dev.gatehouse.gateway.edge.Http2Wire.END_HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.END_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.PING;
import static dev.gatehouse.gateway.edge.Http2Wire.RST_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.SETTINGS;
import static dev.gatehouse.gateway.edge.Http2Wire.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients of HTTP/2 that cost more than they pay: they are sent away, and others are served. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2FloodTest {
  /** Far more than any limit; a gateway without one would take them all. */
  private static final int MANY = 200_000;

  /** That a connection may send at once. */
  private static final int MOST_RESETS = 200;

  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new EdgeScene();
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  /** What is sent over and over. */
  @SuppressWarnings("ImmutableEnumChecker") // Lambdas that hold nothing.
  enum Flood {
    /** CVE-2023-44487. */
    RAPID_RESETS((wire, head, i) -> {
      wire.send(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, head);
      wire.send(RST_STREAM, 0, 2 * i + 1, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
    }),
    /** CVE-2025-8671: what makes the server reset, here a window that grows by nothing. */
    RESETS_BY_THE_SERVER((wire, head, i) -> {
      wire.send(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, head);
      wire.send(WINDOW_UPDATE, 0, 2 * i + 1, new byte[4]);
    }),
    EMPTY_CONTINUATIONS((wire, head, i) -> {
      if (i == 0) {
        wire.send(HEADERS, END_STREAM, 1, head);
      }
      wire.send(CONTINUATION, 0, 1);
    }),
    CONTINUATIONS((wire, head, i) -> {
      if (i == 0) {
        wire.send(HEADERS, END_STREAM, 1, head);
      }
      wire.send(CONTINUATION, 0, 1, Http2Wire.block("x-" + i, "a".repeat(1000)));
    }),
    /** CVE-2019-9515 and 9512: the client does not read the answers, which then pile up. */
    SETTINGS_FRAMES((wire, _, _) -> sendMany(wire, SETTINGS, new byte[] {0, 4, 0, 0, 1, 0})),
    PINGS((wire, _, _) -> sendMany(wire, PING, new byte[8])),
    EMPTY_DATA((wire, head, i) -> {
      if (i == 0) {
        wire.send(HEADERS, END_HEADERS, 1, head);
      }
      wire.send(DATA, 0, 1);
    });

    private static final int AT_ONCE = 20;

    private final Step step;

    Flood(Step step) {
      this.step = step;
    }

    private static void sendMany(Http2Wire wire, int type, byte[] payload) throws IOException {
      for (int i = 0; i < AT_ONCE; i++) {
        wire.send(type, 0, 0, payload);
      }
    }

    private interface Step {
      void send(Http2Wire wire, byte[] head, int i) throws IOException;
    }
  }

  private byte[] head(String path, String... more) {
    byte[] head =
        Http2Wire.block(
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
    return Http2Wire.joined(head, Http2Wire.block(more));
  }

  @ParameterizedTest
  @EnumSource
  void isSentAway(Flood flood) throws Exception {
    byte[] head = head(scene.newPath());
    try (Http2Wire wire = new Http2Wire(scene.connectWithSmallBuffer())) {
      int sent = 0;
      try {
        for (; sent < MANY; sent++) {
          flood.step.send(wire, head, sent);
        }
      } catch (SocketException closed) {
        // That is what is expected.
      }
      assertThat(sent).isLessThan(MANY);
    }
    scene.sendMarker();
  }

  /** What comes in large pieces is looked at before any of it is served. */
  @Test
  void servesLittleOfAFloodOfResets() throws Exception {
    long before = scene.platform.requests();
    byte[] head = head(scene.newPath());
    byte[] cancel = {0, 0, 0, 8};
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 10_000; i++) {
      all.writeBytes(Http2Wire.frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, head));
      all.writeBytes(Http2Wire.frame(RST_STREAM, 0, 2 * i + 1, cancel));
    }
    try (Socket socket = scene.connect();
        Http2Wire wire = new Http2Wire(socket)) {
      try {
        socket.getOutputStream().write(all.toByteArray());
      } catch (SocketException closed) {
        // That is what is expected.
      }
      while (wire.read() != null) {
        // Until it is closed.
      }
    }

    assertThat(scene.platform.requests() - before).isLessThanOrEqualTo(MOST_RESETS);
    scene.sendMarker();
  }

  /** One entry of the table of 4 KB, named a thousand times: 4 MB from 5 KB. */
  @Test
  void refusesABombOfHpack() throws Exception {
    String path = scene.newPath();
    byte[] bomb = head(path, "x-b", "b".repeat(3000));
    // With incremental indexing: the last literal becomes entry 62.
    int literal = bomb.length - Http2Wire.block("x-b", "b".repeat(3000)).length;
    bomb[literal] = 0x40;
    byte[] references = new byte[1000];
    Arrays.fill(references, (byte) (0x80 | 62));
    try (Http2Wire wire = new Http2Wire(scene.connect())) {
      wire.send(HEADERS, END_HEADERS | END_STREAM, 1, Http2Wire.joined(bomb, references));

      assertThat(wire.outcome(1)).isIn("431", "reset", "goaway");
    }
    scene.sendMarker();
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }
}
