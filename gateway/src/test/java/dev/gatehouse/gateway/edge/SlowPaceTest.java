package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Http2Wire.DATA;
import static dev.gatehouse.gateway.edge.Http2Wire.END_HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.END_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.GOAWAY;
import static dev.gatehouse.gateway.edge.Http2Wire.HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.RST_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.edge.Http2Wire.Frame;
import dev.gatehouse.gateway.forward.ForwardConfig;
import dev.gatehouse.gateway.forward.PaceConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Clients that send a body, or take a response, a little at a time and without end. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowPaceTest {
  private static final int RATE = 2000;
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final long STEP_MILLIS = 20;

  /** A fortieth of what is wanted, and twice as much. */
  private static final int TOO_LITTLE = 1;

  private static final int ENOUGH = 80;

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    ForwardConfig defaults = ForwardConfig.DEFAULT;
    ForwardConfig forward =
        new ForwardConfig(
            defaults.connectTimeout(),
            defaults.responseTimeout(),
            defaults.maxInFlight(),
            defaults.connectionsPerEndpoint(),
            defaults.maxWaiting(),
            defaults.maxTunnels(),
            defaults.http2Connections(),
            Duration.ofSeconds(20),
            defaults.streamIdle(),
            defaults.webSocketIdle(),
            defaults.keepAlive(),
            new PaceConfig(RATE, RATE, GRACE),
            defaults.webSockets());
    scene = new EdgeScene(c -> Platform.with(c, forward));
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  private interface Step {
    void go() throws IOException;
  }

  /** At an even pace until it fails, or is interrupted. */
  private static Thread steadily(Step step) {
    return Thread.startVirtualThread(() -> {
      try {
        while (true) {
          Thread.sleep(STEP_MILLIS);
          step.go();
        }
      } catch (IOException | InterruptedException ended) {
        // That is what is expected.
      }
    });
  }

  private byte[] head(String method, String path, String... more) {
    byte[] head =
        Http2Wire.block(
            ":method",
            method,
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

  private static String post(String more) {
    return Attack.POST + more + "\r\n\r\n";
  }

  @Test
  void answersABodyThatTricklesOverHttp1With408() throws Exception {
    String path = scene.newPath();
    try (Socket socket = scene.connect()) {
      EdgeScene.write(socket, scene.filled(post("Content-Length: 100000"), path));
      Thread trickling = steadily(() -> EdgeScene.write(socket, "x".repeat(TOO_LITTLE)));

      assertThat(EdgeScene.statusesIn(EdgeScene.readToEnd(socket))).containsExactly(408);
      trickling.interrupt();
    }
    Eventually.holds(() -> scene.upstream.carrying(path).getFirst().hasEnded());
    assertThat(scene.platform.metrics())
        .containsPattern("gatehouse_forward_slow_clients_total\\{side=\"request\"} [1-9]")
        .containsPattern("gatehouse_requests_refused_total\\{problem=\"request-timeout\"} [1-9]");
  }

  @Test
  void answersABodyThatTricklesOverHttp2With408() throws Exception {
    try (Http2Wire wire = new Http2Wire(scene.connect())) {
      wire.send(HEADERS, END_HEADERS, 1, head("POST", scene.newPath()));
      Thread trickling = steadily(() -> wire.send(DATA, 0, 1, new byte[TOO_LITTLE]));

      assertThat(wire.outcome(1)).isEqualTo("408");
      trickling.interrupt();
    }
  }

  /** It takes several times its grace, and is never a byte ahead of what it needs. */
  @Test
  void letsABodyComeSlowlyButSteadily() throws Exception {
    String path = scene.newPath();
    int pieces = 100;
    try (Socket socket = scene.connect()) {
      String head = "Connection: close\r\nContent-Length: " + pieces * ENOUGH;
      EdgeScene.write(socket, scene.filled(post(head), path));
      for (int i = 0; i < pieces; i++) {
        Thread.sleep(STEP_MILLIS);
        EdgeScene.write(socket, "x".repeat(ENOUGH));
      }

      assertThat(EdgeScene.statusesIn(EdgeScene.readToEnd(socket))).containsExactly(200);
    }
  }

  /** Nobody knows whether it is one that says little. */
  @Test
  void letsACallOfGrpcBeAsSilentAsItLikes() throws Exception {
    try (Http2Wire call = new Http2Wire(scene.connect());
        Http2Wire other = new Http2Wire(scene.connect())) {
      byte[] head = head("POST", scene.newPath(), "content-type", "application/grpc+proto");
      call.send(HEADERS, END_HEADERS, 1, head);
      call.send(DATA, 0, 1, (byte) 0);
      for (int stream = 1; stream <= 5; stream += 2) {
        // One that begins later, and is ended.
        other.send(HEADERS, END_HEADERS, stream, head("POST", scene.newPath()));
        assertThat(other.outcome(stream)).isEqualTo("408");
      }
      call.send(DATA, END_STREAM, 1, (byte) 0);

      assertThat(call.outcome(1)).isEqualTo("200");
    }
  }

  /** Its window holds one small piece, and grows by a little. */
  private String taking(int bytesAStep, int mostBytes) throws Exception {
    String piece = "%x\r\n%s\r\n".formatted(bytesAStep, "y".repeat(bytesAStep));
    scene.upstream.answerWith(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + piece.repeat(20_000));
    byte[] windowOfOneStep = {0, 4, 0, 0, 0, (byte) bytesAStep};
    try (Http2Wire wire = new Http2Wire(scene.connect(), windowOfOneStep)) {
      wire.send(HEADERS, END_HEADERS | END_STREAM, 1, head("GET", scene.newPath()));
      Thread taking =
          steadily(() ->
              wire.send(WINDOW_UPDATE, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) bytesAStep));
      int got = 0;
      for (Frame frame = wire.read(); frame != null; frame = wire.read()) {
        if (frame.type() == RST_STREAM || frame.type() == GOAWAY) {
          break;
        }
        got += frame.type() == DATA ? frame.payload().readableBytes() : 0;
        if (got > mostBytes) {
          return "goes on";
        }
      }
      taking.interrupt();
      return "broken off";
    } finally {
      scene.upstream.answerWith(OK);
    }
  }

  @Test
  void breaksAResponseOffThatIsTakenALittleAtATime() throws Exception {
    assertThat(taking(TOO_LITTLE, 1000)).isEqualTo("broken off");
    Eventually.holds(() ->
        scene
            .platform
            .metrics()
            .matches("(?s).*gatehouse_forward_slow_clients_total\\{side=\"response\"} [1-9].*"));
  }

  @Test
  void letsAResponseBeTakenSlowlyButSteadily() throws Exception {
    assertThat(taking(ENOUGH, 100 * ENOUGH)).isEqualTo("goes on");
  }

  /** Over HTTP/1 the kernel holds much: what waits beyond that is taken far too slowly. */
  @Test
  void cutsAClientOffThatTakesItsResponseALittleAtATime() throws Exception {
    String path = scene.newPath();
    scene.upstream.answerWith(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + ("4000\r\n" + "y".repeat(0x4000) + "\r\n").repeat(2000));
    try (Socket socket = scene.connectWithSmallBuffer()) {
      EdgeScene.write(socket, scene.filled("GET PATH HTTP/1.1\r\nHEAD\r\n\r\n", path));
      InputStream in = socket.getInputStream();
      Thread taking = steadily(() -> in.readNBytes(TOO_LITTLE));

      Eventually.holds(() -> {
        try {
          scene.upstream.awaitCarrying(path);
          return scene.upstream.carrying(path).getFirst().hasEnded();
        } catch (SocketException e) {
          return true;
        }
      });
      taking.interrupt();
    } finally {
      scene.upstream.answerWith(OK);
    }
  }
}
