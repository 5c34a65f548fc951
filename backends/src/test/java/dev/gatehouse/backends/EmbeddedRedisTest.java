package dev.gatehouse.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedRedisTest {
  /** Closed to other accounts, so that as root its path must be opened to the servers' account. */
  @TempDir private Path closedToOthers;

  @Test
  void aSecondStartFindsTheDataOfTheFirst() throws Exception {
    Path directory = closedToOthers.resolve("redis");
    try (EmbeddedRedis server = EmbeddedRedis.start(directory, 0)) {
      assertThat(ask(server, "SET kept 42")).isEqualTo("+OK");
    }
    try (EmbeddedRedis server = EmbeddedRedis.start(directory, 0)) {
      assertThat(ask(server, "STRLEN kept")).isEqualTo(":2");
    }
  }

  @Test
  void asksForThePassword() throws Exception {
    try (EmbeddedRedis server = EmbeddedRedis.start(closedToOthers.resolve("redis"), 0)) {
      assertThat(exchange(server.port(), "PING")).startsWith("-NOAUTH");
    }
  }

  @Test
  void refusesADirectoryThatIsInUse() {
    Path directory = closedToOthers.resolve("redis");
    try (EmbeddedRedis _ = EmbeddedRedis.start(directory, 0)) {
      assertThatThrownBy(() -> EmbeddedRedis.start(directory, 0))
          .isInstanceOf(BackendException.DirectoryInUse.class);
    }
  }

  @Test
  void namesThePortThatIsInUse() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> EmbeddedRedis.start(closedToOthers.resolve("redis"), other.getLocalPort()))
          .isInstanceOf(BackendException.PortInUse.class)
          .hasMessageContaining(Integer.toString(other.getLocalPort()));
    }
  }

  private static String ask(EmbeddedRedis server, String command) throws IOException {
    String password = URI.create(server.url()).getUserInfo().substring(1);
    return exchange(server.port(), "AUTH " + password, command);
  }

  /** Sends commands and returns the last one's answer. */
  private static String exchange(int port, String... commands) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        BufferedReader replies =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      String reply = "";
      for (String command : commands) {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        reply = String.valueOf(replies.readLine());
      }
      return reply;
    }
  }
}
