package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What requests notice of the death of everything behind the gateway: nothing. */
@Timeout(300)
class OutageIT {
  private static final int CHUNKS = 30;

  @TempDir private Path scratch;

  @Test
  void requestsGoOnWithoutPostgresRedisAndControlPlane() throws Exception {
    try (RunningDemo demo = RunningDemo.start(scratch.resolve("demo"));
        Socket slow = slowRequest(demo);
        BufferedReader answer =
            new BufferedReader(
                new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(answer.readLine()).startsWith("HTTP/1.1 200");

      for (String part : List.of("postgres", "redis", "controlPlane")) {
        demo.kill(part);
      }

      assertThat(answer.lines().collect(Collectors.joining("\n")))
          .contains("acme %d/%d".formatted(CHUNKS, CHUNKS));
      RawHttp gateway = new RawHttp(demo.gatewayPort());
      for (int request = 0; request < 50; request++) {
        assertThat(whoami(gateway, demo).status()).isEqualTo(200);
      }
      assertThat(demo.output()).contains("controlPlane (process");
      aGatewayStartsFromItsSnapshot(demo);
    }
  }

  private void aGatewayStartsFromItsSnapshot(RunningDemo demo) throws Exception {
    demo.kill("gateway");
    ProcessBuilder command =
        Launcher.command("gateway", "--config", demo.directory().resolve("gateway.yaml").toString())
            .redirectOutput(scratch.resolve("gateway.out").toFile());
    for (String line : Files.readAllLines(demo.directory().resolve("secrets.env"))) {
      String[] nameAndValue = line.split("=", 2);
      command.environment().put(nameAndValue[0], nameAndValue[1]);
    }
    Process restarted = command.start();
    try {
      RawHttp gateway = new RawHttp(demo.gatewayPort());
      while (restarted.isAlive() && !serves(gateway, demo)) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      assertThat(whoami(gateway, demo).json().at("/context/tenantId").asText())
          .isEqualTo(demo.id("acme"));
      assertThat(gateway.get("initech.localhost", "/", "").status()).isEqualTo(403);
    } finally {
      restarted.destroy();
      assertThat(restarted.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Socket slowRequest(RunningDemo demo) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), demo.gatewayPort());
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write(
            "GET /stream?chunks=%d&delayMillis=200 HTTP/1.1\r\nHost: acme.localhost\r\nX-API-Key: %s\r\nConnection: close\r\n\r\n"
                .formatted(CHUNKS, demo.apiKey("acme"))
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static RawHttp.Answer whoami(RawHttp gateway, RunningDemo demo) throws Exception {
    return gateway.get("acme.localhost", "/whoami", "X-API-Key: " + demo.apiKey("acme") + "\r\n");
  }

  private static boolean serves(RawHttp gateway, RunningDemo demo) {
    try {
      return whoami(gateway, demo).status() == 200;
    } catch (Exception e) {
      return false;
    }
  }
}
