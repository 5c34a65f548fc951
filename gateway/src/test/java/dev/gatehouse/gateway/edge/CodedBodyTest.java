package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are compressed: passed on as they are, and no longer than any other. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CodedBodyTest {
  private static final int MAX_BODY = 64 * 1024;

  /** A thousand times as much as it is long. */
  private static final int INFLATED = 32 << 20;

  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new EdgeScene(config -> Platform.withMaxBodyBytes(config, MAX_BODY));
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  private static String gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
      out.write(bytes);
    }
    return coded.toString(StandardCharsets.ISO_8859_1);
  }

  private static String noise(int bytes) throws IOException {
    byte[] noise = new byte[bytes];
    new SplittableRandom(1).nextBytes(noise);
    return gzip(noise);
  }

  private static String post(String coding, String framing, String body) {
    return Attack.POST + "Content-Encoding: " + coding + "\r\n" + framing + "\r\n\r\n" + body;
  }

  private static String chunk(String body) {
    return "%x\r\n%s\r\n0\r\n\r\n".formatted(body.length(), body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "gzip, gzip", "x-gzip", "br"})
  void passesABombOnAsItIs(String coding) throws Exception {
    String path = scene.newPath();
    String bomb = gzip(new byte[INFLATED]);
    String length = "Connection: close\r\nContent-Length: " + bomb.length();

    assertThat(scene.sendToEnd(scene.filled(post(coding, length, bomb), path)))
        .containsExactly(200);

    String seen = scene.upstream.awaitCarrying(path).received();
    assertThat(seen).endsWith("\r\n\r\n" + bomb).contains("Content-Encoding: " + coding + "\r\n");
  }

  @Test
  void refusesOneThatIsTooLongByItself() throws Exception {
    String path = scene.newPath();
    String body = noise(MAX_BODY + 1);
    String length = "Content-Length: " + body.length();

    assertThat(scene.sendToEnd(scene.filled(post("gzip", length, body), path)))
        .containsExactly(413);

    scene.sendMarker();
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }

  @Test
  void breaksOneOffThatTurnsOutToBeTooLong() throws Exception {
    String path = scene.newPath();
    String chunked = "Transfer-Encoding: chunked";

    assertThat(
            scene.sendToEnd(scene.filled(post("gzip", chunked, chunk(noise(4 * MAX_BODY))), path)))
        .containsExactly(413);

    for (WireUpstream.Connection connection : scene.upstream.carrying(path)) {
      Eventually.holds(connection::hasEnded);
      assertThat(connection.received()).hasSizeLessThan(2 * MAX_BODY);
    }
  }

  /** Nor is one decoded that comes from a service. */
  @Test
  void passesABombOfAServiceOnAsItIs() throws Exception {
    String bomb = gzip(new byte[INFLATED]);
    scene.upstream.answerWith(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(bomb.length(), bomb));
    try (Socket socket = scene.connect()) {
      EdgeScene.write(
          socket, scene.filled(Attack.GET + "Accept-Encoding: identity\r\n\r\n", scene.newPath()));

      RawClient.Response response = new RawClient(socket).read();

      assertThat(List.of(response.status(), response.body().length()))
          .containsExactly(200, bomb.length());
      assertThat(response.body()).isEqualTo(bomb);
    } finally {
      scene.upstream.answerWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  }
}
