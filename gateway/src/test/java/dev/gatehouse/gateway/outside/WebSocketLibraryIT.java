package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.enums.Opcode;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets between the client and the server of Java-WebSocket. */
@Timeout(60)
class WebSocketLibraryIT {
  private static final int MEGABYTES = 5 << 20;

  private final EchoSocketServer server = new EchoSocketServer();
  private Platform platform;
  private TestTenant tenant;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server.startAndWait();
    platform = new Platform();
    tenant = platform.tenant();
    String path = platform.route(Services.http1("sockets", server.getPort()));
    client =
        new Client(
            URI.create("ws://127.0.0.1:" + platform.gateway.httpPort() + path),
            Map.of(
                "Host", tenant.host(),
                "X-API-Key", tenant.key().reveal(),
                "X-Tenant-Id", "evil"));
    assertThat(client.connectBlocking(10, TimeUnit.SECONDS)).isTrue();
  }

  @AfterEach
  void stop() throws Exception {
    client.closeBlocking();
    platform.close();
    server.stop(1000);
  }

  @Test
  void upgradesUnderTheTenantsSignedName() throws Exception {
    ClientHandshake handshake = server.handshakes.poll(10, TimeUnit.SECONDS);

    assertThat(handshake).isNotNull();
    assertThat(handshake.getFieldValue("X-Tenant-Id")).isEqualTo(tenant.edge().id().toString());
    assertThat(handshake.getFieldValue("X-Tenant-Context").split("\\.", -1)).hasSize(3);
    assertThat(handshake.getFieldValue("X-API-Key")).isEmpty();
  }

  @Test
  void echoesAMessageInFragments() throws Exception {
    client.sendFragmentedFrame(Opcode.TEXT, bytes("one "), false);
    client.sendFragmentedFrame(Opcode.TEXT, bytes("two "), false);
    client.sendFragmentedFrame(Opcode.TEXT, bytes("three"), true);

    assertThat(client.next()).isEqualTo("one two three");
  }

  @Test
  void echoesALargeMessage() throws Exception {
    byte[] sent = new byte[MEGABYTES];
    new Random(1).nextBytes(sent);
    client.send(sent);

    assertThat(client.binary.poll(30, TimeUnit.SECONDS)).isEqualTo(ByteBuffer.wrap(sent));
  }

  @Test
  void echoesMessagesInTheirOrder() throws Exception {
    for (int i = 0; i < 1000; i++) {
      client.send("message " + i);
    }
    for (int i = 0; i < 1000; i++) {
      assertThat(client.next()).isEqualTo("message " + i);
    }
  }

  @Test
  void answersAPing() throws Exception {
    client.sendPing();

    assertThat(client.next()).isEqualTo("PONG");
  }

  @Test
  void passesTheServersCloseCodeOn() throws Exception {
    client.send("close 4001");

    assertThat(client.next()).isEqualTo("CLOSED 4001 as asked");
  }

  @Test
  void passesTheClientsCloseCodeOn() throws Exception {
    client.close(4002, "had enough");

    assertThat(server.closes.poll(10, TimeUnit.SECONDS)).isEqualTo("4002 had enough");
    assertThat(client.next()).isEqualTo("CLOSED 4002 had enough");
  }

  @Test
  void tellsTheServerThatTheClientIsGone() throws Exception {
    client.getConnection().closeConnection(CloseFrame.ABNORMAL_CLOSE, "cut");

    assertThat(server.closes.poll(10, TimeUnit.SECONDS)).startsWith("1006");
  }

  @Test
  void leavesNoConnectionBehind() throws Exception {
    client.closeBlocking();

    ForwardGauges.awaitNoConnection(platform);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Keeps what arrives. */
  private static final class Client extends WebSocketClient {
    private final BlockingQueue<String> text = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuffer> binary = new LinkedBlockingQueue<>();

    Client(URI uri, Map<String, String> headers) {
      super(uri, headers);
    }

    String next() throws InterruptedException {
      return String.valueOf(text.poll(10, TimeUnit.SECONDS));
    }

    @Override
    public void onOpen(ServerHandshake handshake) {}

    @Override
    public void onMessage(String message) {
      text.add(message);
    }

    @Override
    public void onMessage(ByteBuffer message) {
      binary.add(message);
    }

    @Override
    public void onWebsocketPong(
        org.java_websocket.WebSocket socket, org.java_websocket.framing.Framedata frame) {
      text.add("PONG");
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
      text.add("CLOSED " + code + " " + reason);
    }

    @Override
    public void onError(Exception failure) {
      text.add(failure.toString());
    }
  }
}
