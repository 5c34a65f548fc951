package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A gateway, a tenant of it and a {@link WireUpstream} behind. What is sent may hold placeholders:
 * PATH for a path of its own that leads to the upstream, HEAD for the Host and the credential.
 */
final class EdgeScene implements AutoCloseable {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})");

  final Platform platform;
  final TestTenant tenant;
  final WireUpstream upstream = new WireUpstream();
  private final String prefix;
  private final AtomicInteger number = new AtomicInteger();

  EdgeScene() throws Exception {
    this(config -> config);
  }

  /** With a gateway that is set up otherwise. */
  EdgeScene(UnaryOperator<GatewayConfig> adapt) throws Exception {
    platform = new Platform(adapt);
    tenant = platform.tenant();
    prefix = platform.route(upstream.service("wire"));
  }

  /** A path below which nothing was sent yet. */
  String newPath() {
    return prefix + "/" + number.incrementAndGet() + "/";
  }

  /** Without placeholders. */
  String filled(String text, String path) {
    return text.replace("PATH", path)
        .replace("HEAD", "Host: " + tenant.host() + "\r\nX-API-Key: " + tenant.key().reveal())
        .replace("TENANT", tenant.host());
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), platform.gateway.httpPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** One for which the kernel keeps little of what it has not read. */
  Socket connectWithSmallBuffer() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1 << 14);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), platform.gateway.httpPort()));
    return socket;
  }

  static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** All that the gateway sends until it ends the connection; fails if it does not. */
  static String readToEnd(Socket socket) throws IOException {
    StringBuilder all = new StringBuilder();
    InputStream in = socket.getInputStream();
    byte[] some = new byte[8192];
    try {
      for (int count = in.read(some); count >= 0; count = in.read(some)) {
        all.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (SocketException e) {
      // Reset, which ends it too.
    }
    return all.toString();
  }

  static List<Integer> statusesIn(String answers) {
    return STATUS.matcher(answers).results().map(m -> Integer.parseInt(m.group(1))).toList();
  }

  /**
   * Sends bytes on a connection of their own, which the gateway must end, and gives the answers.
   */
  List<Integer> sendToEnd(String bytes) throws IOException {
    try (Socket socket = connect()) {
      try {
        write(socket, bytes);
      } catch (SocketException e) {
        // It had ended it before all was sent.
      }
      return statusesIn(readToEnd(socket));
    }
  }

  /** One proper request, by which all that was sent before has come through; answered 200. */
  void sendMarker() throws IOException {
    String marker = "GET PATH HTTP/1.1\r\nHEAD\r\nConnection: close\r\n\r\n";
    assertThat(sendToEnd(filled(marker, newPath()))).containsExactly(200);
  }

  @Override
  public void close() throws IOException {
    platform.close();
    upstream.close();
  }
}
