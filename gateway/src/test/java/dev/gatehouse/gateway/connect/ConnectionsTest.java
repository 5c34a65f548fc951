package dev.gatehouse.gateway.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.tls.TlsCaller;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** How many connections a source may have, and what it may do with them. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionsTest {
  private static final int PER_ADDRESS = 5;
  private static final int PER_SECOND = 5;
  private static final int FLOODS = 2;
  private static final Duration SHUT_OUT_FOR = Duration.ofSeconds(1);
  private static final String EXEMPT = "127.9.9.9";

  /** Fifty frames of HTTP/2. */
  private static final byte[] PINGS =
      HexFormat.of().parseHex("0000080600000000000000000000000000".repeat(50));

  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = platform(SHUT_OUT_FOR);
    tenant = platform.tenant();
  }

  private static Platform platform(Duration shutOutFor) throws Exception {
    ConnectionsConfig connections =
        new ConnectionsConfig(
            PER_ADDRESS,
            PER_SECOND,
            1000,
            Duration.ofMillis(300),
            10,
            FLOODS,
            shutOutFor,
            List.of(AddressRange.parse(EXEMPT)));
    return Platform.withTls(c -> Platform.with(c, Duration.ofSeconds(10), connections));
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private Socket connectFrom(String source) throws IOException {
    return connectFrom(source, platform);
  }

  private static Socket connectFrom(String source, Platform platform) throws IOException {
    Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(),
            platform.gateway.httpPort(),
            InetAddress.getByName(source),
            0);
    socket.setSoTimeout(10_000);
    return socket;
  }

  private RawClient.Response get(Socket socket) throws IOException {
    RawClient client = new RawClient(socket);
    return TlsCaller.get(client, tenant.host(), "X-API-Key: " + tenant.key().reveal());
  }

  private static boolean isEnded(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void closesOneMoreOfASourceAndOfNobodyElse() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < PER_ADDRESS; i++) {
        open.add(connectFrom("127.0.1.1"));
        assertThat(get(open.getLast()).status()).isEqualTo(200);
      }
      try (Socket oneMore = connectFrom("127.0.1.1");
          Socket another = connectFrom("127.0.1.2")) {
        assertThat(isEnded(oneMore)).isTrue();
        assertThat(get(another).status()).isEqualTo(200);
      }
      assertThat(platform.metrics())
          .containsPattern("gatehouse_connections_refused_total\\{reason=\"per-address\"} [1-9]")
          .containsPattern("gatehouse_connections [1-9]");

      open.removeFirst().close();

      Eventually.holds(() -> {
        try (Socket next = connectFrom("127.0.1.1")) {
          return get(next).status() == 200;
        } catch (IOException closed) {
          return false;
        }
      });
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void letsExemptSourcesBe() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * PER_ADDRESS; i++) {
        open.add(connectFrom(EXEMPT));
        assertThat(get(open.getLast()).status()).isEqualTo(200);
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void endsAHandshakeThatIsNotDoneInTime() throws Exception {
    int port = platform.gateway.httpsPort().orElseThrow();
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port);
        Socket stalled = new Socket(InetAddress.getLoopbackAddress(), port)) {
      silent.setSoTimeout(10_000);
      stalled.setSoTimeout(10_000);
      // The head of a record, for a ClientHello of 512 bytes that does not follow.
      stalled.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});

      assertThat(isEnded(silent)).isTrue();
      assertThat(stalled.getInputStream().readAllBytes()).hasSizeLessThan(50);
    }
    Eventually.holds(() -> platform.metrics().contains("gatehouse_connections_handshakes 0.0"));
  }

  @Test
  void shutsASourceOutThatFloodsAgainAndAgain() throws Exception {
    for (int i = 0; i < FLOODS; i++) {
      flood("127.0.1.3");
    }

    Eventually.holds(() -> {
      try (Socket socket = connectFrom("127.0.1.3")) {
        return isEnded(socket);
      }
    });
    flood("127.0.1.5");
    flood("127.0.1.5");
    try (Socket _ = connectFrom("127.0.1.5")) {
      // So that who comes back as soon as it is sent away does not come back so soon.
      Eventually.holds(() -> platform.metrics().contains("gatehouse_connections_held 1.0"));
    }
    Eventually.holds(() -> platform.metrics().contains("gatehouse_connections_held 0.0"));
    try (Socket another = connectFrom("127.0.1.4")) {
      assertThat(get(another).status()).isEqualTo(200);
    }
    assertThat(platform.metrics())
        .containsPattern("gatehouse_connections_refused_total\\{reason=\"shut-out\"} [1-9]")
        .containsPattern("gatehouse_connections_ended_total\\{reason=\"flood\"} [1-9]");
    Eventually.holds(() -> {
      try (Socket socket = connectFrom("127.0.1.3")) {
        return get(socket).status() == 200;
      } catch (IOException closed) {
        return false;
      }
    });
  }

  @Test
  void letsASourceOpenNoMoreConnectionsThanItMayInASecond() throws Exception {
    int letIn = 0;
    boolean isServed = true;
    while (isServed && letIn < 1000) {
      try (Socket socket = connectFrom("127.0.1.6")) {
        isServed = isServed(socket);
        letIn += isServed ? 1 : 0;
      }
    }

    assertThat(letIn).isBetween(10 * PER_SECOND, 999);
    assertThat(platform.metrics())
        .containsPattern("gatehouse_connections_refused_total\\{reason=\"rate\"} [1-9]");
    try (Socket another = connectFrom("127.0.1.7")) {
      assertThat(get(another).status()).isEqualTo(200);
    }
    Eventually.holds(() -> {
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      try (Socket socket = connectFrom("127.0.1.6")) {
        return get(socket).status() == 200;
      } catch (IOException refused) {
        return false;
      }
    });
  }

  /** Without a word: nothing but the connections themselves. */
  @Test
  void hasTheKernelDropWhatASourceSendsThatIsShutOutAndComesAgainAndAgain() throws Exception {
    while (reaches("127.0.1.8")
        || !platform.metrics().contains("gatehouse_connections_dropped_sources 1.0")) {
      // Much faster than anybody may. A busy machine can also be slow to answer.
    }
    try (Socket another = connectFrom("127.0.1.9")) {
      assertThat(get(another).status()).isEqualTo(200);
    }

    Eventually.holds(
        () -> platform.metrics().contains("gatehouse_connections_dropped_sources 0.0"));
    Eventually.holds(() -> {
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos()); // Not too fast this time.
      try (Socket socket = connectFrom("127.0.1.8")) {
        return get(socket).status() == 200;
      } catch (IOException refused) {
        return false;
      }
    });
  }

  /** Opens a connection and resets it; false if nobody answers. */
  private boolean reaches(String source) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(source, 0));
      socket.setSoLinger(true, 0);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), platform.gateway.httpPort()),
          500);
      return true;
    } catch (SocketException reset) {
      return true;
    } catch (SocketTimeoutException dropped) {
      return false;
    }
  }

  /** What a connection has spent when its client ends it is not forgotten. */
  @Test
  void countsResetsTogetherThatNoConnectionHasTooManyOf() throws Exception {
    HexFormat hex = HexFormat.of();
    byte[] hello =
        hex.parseHex(
            hex.formatHex("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                + "000000040000000000");
    double before = shutOut();
    Eventually.holds(() -> {
      try (Socket socket = connectFrom("127.0.1.10")) {
        OutputStream out = socket.getOutputStream();
        out.write(hello);
        for (int i = 0; i < 150; i++) {
          // GET / at no host, and the end of it.
          String stream = hex.toHexDigits(2 * i + 1);
          out.write(hex.parseHex("000003" + "0105" + stream + "828684"));
          out.write(hex.parseHex("000004" + "0300" + stream + "00000008"));
        }
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
      } catch (SocketException refused) {
        // Sent away.
      }
      return shutOut() > before;
    });
  }

  private double shutOut() throws Exception {
    return platform
        .metrics()
        .lines()
        .filter(line -> line.contains("refused_total{reason=\"shut-out\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  private boolean isServed(Socket socket) throws Exception {
    try {
      return get(socket).status() == 200;
    } catch (IOException closed) {
      return false;
    }
  }

  @Test
  void readsNothingOfConnectionsThatWereThereBeforeTheirSourceWasShutOut() throws Exception {
    String source = "127.0.1.11";
    try (Platform patient = platform(Duration.ofMinutes(5));
        Socket served = connectFrom(source, patient);
        Socket silent = connectFrom(source, patient)) {
      RawClient client = new RawClient(served);
      client.write("GET / HTTP/1.1\r\nHost: nobody.test\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(404);
      for (int i = 0; i < FLOODS; i++) {
        flood(source, patient);
      }
      try (Socket next = connectFrom(source, patient)) {
        assertThat(isEnded(next)).isTrue();
      }

      silent.getOutputStream().write('G');

      assertThat(isEnded(silent)).isTrue();
      client.write("GET / HTTP/1.1\r\nHost: nobody.test\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(404);
    }
  }

  /** Until it is sent away. */
  private void flood(String source) throws IOException {
    flood(source, platform);
  }

  private static void flood(String source, Platform platform) throws IOException {
    try (Socket socket = connectFrom(source, platform)) {
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      for (int i = 0; i < 20; i++) {
        socket.getOutputStream().write(PINGS);
      }
      socket.getInputStream().readAllBytes();
    } catch (SocketException reset) {
      // Sent away.
    }
  }
}
