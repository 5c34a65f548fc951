package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Http2Wire.END_HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.END_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.connect.ConnectionsConfig;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that never fall silent and never come to an end either. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowHeadsTest {
  private static final Duration HEAD_TIMEOUT = Duration.ofMillis(400);

  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new EdgeScene(c -> Platform.with(c, HEAD_TIMEOUT, ConnectionsConfig.DEFAULT));
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  /** Goes on until the gateway has had enough. */
  private static String trickle(Socket socket, String beginning, String more) throws Exception {
    EdgeScene.write(socket, beginning);
    Thread trickling =
        Thread.startVirtualThread(() -> {
          try {
            while (true) {
              Thread.sleep(HEAD_TIMEOUT.dividedBy(10));
              EdgeScene.write(socket, more);
            }
          } catch (IOException | InterruptedException ended) {
            // That is what is expected.
          }
        });
    try {
      return EdgeScene.readToEnd(socket);
    } finally {
      trickling.interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET PATH", "GET PATH HTTP/1.1\r\n", "GET PATH HTTP/1.1\r\nHEAD\r\nx"})
  void answersAHeadThatIsNotDoneInTimeWith408(String beginning) throws Exception {
    String path = scene.newPath();
    try (Socket socket = scene.connect()) {
      String answers = trickle(socket, scene.filled(beginning, path), "x");

      assertThat(EdgeScene.statusesIn(answers)).containsExactly(408);
    }
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }

  @Test
  void countsFromTheBeginningOfEachHead() throws Exception {
    String whole = "GET PATH HTTP/1.1\r\nHEAD\r\n\r\n";
    try (Socket socket = scene.connect()) {
      String answers = trickle(socket, scene.filled(whole, scene.newPath()) + "GET ", "x");

      assertThat(EdgeScene.statusesIn(answers)).containsExactly(200, 408);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"P", "PRI * HTTP/2.0\r\n", "\r\n"})
  void endsAConnectionOfWhichNobodyCanSayWhatItWillSpeak(String beginning) throws Exception {
    try (Socket socket = scene.connect()) {
      EdgeScene.write(socket, beginning);

      assertThat(EdgeScene.statusesIn(EdgeScene.readToEnd(socket))).isSubsetOf(408);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsAConnectionOfHttp2WhoseHeadIsNotDone(boolean withinAFrame) throws Exception {
    String path = scene.newPath();
    byte[] head = Http2Wire.block(":method", "GET", ":scheme", "http", ":path", path);
    try (Socket socket = scene.connect();
        Http2Wire wire = new Http2Wire(socket)) {
      if (withinAFrame) {
        byte[] frame = {0, 0, 100, HEADERS, END_HEADERS | END_STREAM, 0, 0, 0, 1};
        socket.getOutputStream().write(Http2Wire.joined(frame, Arrays.copyOf(head, 20)));
      } else {
        wire.send(HEADERS, END_STREAM, 1, head);
      }

      assertThat(wire.outcome(1)).isEqualTo("goaway");
    }
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }

  @Test
  void letsABodyTakeLonger() throws Exception {
    String path = scene.newPath();
    String head = scene.filled("POST PATH HTTP/1.1\r\nHEAD\r\nContent-Length: 2\r\n\r\n", path);
    try (Socket slow = scene.connect();
        Socket late = scene.connect()) {
      EdgeScene.write(slow, head + "a");
      // As soon as a head that began later has run out of its time, so has this one.
      assertThat(EdgeScene.statusesIn(trickle(late, "GET", "x"))).containsExactly(408);
      EdgeScene.write(slow, "b");

      Eventually.holds(() -> scene.upstream.carrying(path).getFirst().received().endsWith("ab"));
    }
  }

  @Test
  void letsAConnectionBeSilentBetweenRequests() throws Exception {
    String whole = "GET PATH HTTP/1.1\r\nHEAD\r\n\r\n";
    try (Socket kept = scene.connect();
        Socket late = scene.connect()) {
      EdgeScene.write(kept, scene.filled(whole, scene.newPath()));
      assertThat(EdgeScene.statusesIn(trickle(late, "GET", "x"))).containsExactly(408);
      String last = whole.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
      EdgeScene.write(kept, scene.filled(last, scene.newPath()));

      assertThat(EdgeScene.statusesIn(EdgeScene.readToEnd(kept))).containsExactly(200, 200);
    }
  }
}
