package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.forward.ForwardConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What passes through an open WebSocket, byte by byte. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TunnelTest {
  /** Much more than the kernel keeps for two connections. */
  private static final int LARGE = 96 << 20;

  private static final int BUFFERED = 48 << 20;

  private static final int PIECE = 1 << 16;

  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = Platform.withTls();
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  /** Who sends. */
  enum From {
    CLIENT,
    UPSTREAM
  }

  /** Both ends of an open WebSocket. */
  private record Ends(RawUpstream server, RawClient client, Socket upstream)
      implements AutoCloseable {
    static Ends open(Platform platform, TestTenant tenant) throws Exception {
      RawUpstream server = new RawUpstream();
      String path = platform.route(server.service("tunnel-" + UUID.randomUUID()));
      RawClient client = RawClient.withSmallBuffer(platform.gateway.httpPort());
      client.write(RawUpstream.handshake(tenant, path));
      Socket upstream = server.accept(RawUpstream.AGREED);
      assertThat(client.readHead().status()).isEqualTo(101);
      return new Ends(server, client, upstream);
    }

    Socket sender(From from) {
      return from == From.CLIENT ? client.socket() : upstream;
    }

    Socket receiver(From from) {
      return from == From.CLIENT ? upstream : client.socket();
    }

    @Override
    public void close() throws IOException {
      client.close();
      upstream.close();
      server.close();
    }
  }

  private static byte octetAt(long position) {
    return (byte) (position * 31 + (position >>> 13));
  }

  /** Of one frame, of so many bytes. */
  private static byte[] headOf(int count) {
    return ByteBuffer.allocate(10).put((byte) 0x82).put((byte) 127).putLong(count).array();
  }

  /** Sends so many bytes, each by its position, and says how far it is. */
  private static void send(Socket socket, int count, AtomicLong sent) {
    byte[] piece = new byte[PIECE];
    try {
      socket.getOutputStream().write(headOf(count));
      for (long at = 0; at < count; at += PIECE) {
        for (int i = 0; i < PIECE; i++) {
          piece[i] = octetAt(at + i);
        }
        socket.getOutputStream().write(piece);
        sent.set(at + PIECE);
      }
    } catch (IOException e) {
      throw new IllegalStateException("broke off after " + sent, e);
    }
  }

  private static void assertReceived(Socket socket, int count) throws IOException {
    InputStream in = socket.getInputStream();
    assertThat(in.readNBytes(10)).isEqualTo(headOf(count));
    for (long at = 0; at < count; at += PIECE) {
      byte[] piece = in.readNBytes(PIECE);
      assertThat(piece).as("at %d", at).hasSize(PIECE);
      for (int i = 0; i < PIECE; i++) {
        if (piece[i] != octetAt(at + i)) {
          throw new AssertionError("another byte was sent at " + (at + i));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void slowsASenderWhoseReceiverDoesNotRead(From from) throws Exception {
    try (Ends ends = Ends.open(platform, tenant)) {
      AtomicLong sent = new AtomicLong();
      Thread sender =
          Thread.ofPlatform().daemon().start(() -> send(ends.sender(from), LARGE, sent));
      awaitRest(sent);

      assertThat(sent).hasValueLessThan(BUFFERED);
      assertReceived(ends.receiver(from), LARGE);
      sender.join();
    }
  }

  /** It got somewhere, and gets no further. */
  private static void awaitRest(AtomicLong sent) throws InterruptedException {
    long before = 0;
    while (before == 0 || before != sent.get()) {
      before = sent.get();
      TimeUnit.MILLISECONDS.sleep(300);
    }
  }

  @ParameterizedTest
  @EnumSource
  void passesOnAllThatWasSentBeforeTheEnd(From from) throws Exception {
    try (Ends ends = Ends.open(platform, tenant)) {
      // More than the kernel keeps: when the sender has closed, the gateway still holds some.
      int count = 24 << 20;
      Thread sender =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                send(ends.sender(from), count, new AtomicLong());
                close(ends.sender(from));
              });
      assertReceived(ends.receiver(from), count);

      assertThat(ends.receiver(from).getInputStream().read()).isNegative();
      sender.join();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void putsNoFrameOfItsOwnIntoAnother() throws Exception {
    ForwardConfig defaults = ForwardConfig.DEFAULT;
    ForwardConfig impatient =
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
            Duration.ofMillis(300),
            defaults.keepAlive());
    try (Platform quick = new Platform(config -> Platform.with(config, impatient));
        Ends ends = Ends.open(quick, quick.tenant())) {
      byte[] begun = {(byte) 0x82, 5, 'h', 'a'};
      ends.upstream.getOutputStream().write(begun);

      // To the client nothing, because its frame is not complete; a close frame to the upstream.
      assertThat(ends.client.socket().getInputStream().readAllBytes()).isEqualTo(begun);
      byte[] close = ends.upstream.getInputStream().readAllBytes();
      assertThat(close).hasSize(8).startsWith(0x88, 0x82);
      int code = ((close[6] ^ close[2]) & 0xff) << 8 | ((close[7] ^ close[3]) & 0xff);
      assertThat(code).isEqualTo(1001);
    }
  }

  @Test
  void passesMessagesOfAClientThatSpeaksTls() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      WebSocketConnectOptions options = new WebSocketConnectOptions();
      options
          .setHost("127.0.0.1")
          .setPort(platform.gateway.httpsPort().orElseThrow())
          .setURI("/echo")
          .setSsl(true);
      options.addHeader("Host", tenant.host()).addHeader("X-API-Key", tenant.key().reveal());
      WebSocketClient client =
          vertx.createWebSocketClient(
              new WebSocketClientOptions().setTrustAll(true).setVerifyHost(false));
      WebSocket socket = client.connect(options).await();
      CompletableFuture<String> answer = new CompletableFuture<>();
      CompletableFuture<Void> closed = new CompletableFuture<>();
      socket.closeHandler(_ -> closed.complete(null));
      socket.textMessageHandler(answer::complete);
      String large = "x".repeat(60_000);
      socket.writeTextMessage(large);

      assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("echo " + large);
      socket.close().await();
      closed.get(20, TimeUnit.SECONDS);
      // Vert.x closes a client that nobody refers to any more.
      client.close().await();
    } finally {
      vertx.close().await();
    }
  }
}
