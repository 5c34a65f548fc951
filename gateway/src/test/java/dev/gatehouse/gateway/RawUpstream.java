package dev.gatehouse.gateway;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.gateway.Platform.TestTenant;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An upstream by hand: takes connections, reads the handshake, and leaves the rest to the test. */
public final class RawUpstream implements AutoCloseable {
  /** The answer that agrees. */
  public static final String AGREED =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

  /** So little does the kernel keep for it of what it has not read. */
  static final int SMALL_BUFFER = 1 << 16;

  private static final int PATIENCE_MILLIS = 20_000;

  private final ServerSocket server;

  public RawUpstream() throws IOException {
    server = new ServerSocket();
    server.setReceiveBufferSize(SMALL_BUFFER);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setSoTimeout(PATIENCE_MILLIS);
  }

  public int port() {
    return server.getLocalPort();
  }

  EdgeService service(String name) {
    return EdgeService.of(name, List.of(new Endpoint("127.0.0.1", port())));
  }

  /** A handshake for a path of this platform. */
  public static String handshake(TestTenant tenant, String path) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        .formatted(path, tenant.host(), tenant.key().reveal());
  }

  /** The next connection, after the head of its first request. */
  public Socket accept() throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(PATIENCE_MILLIS);
    InputStream in = socket.getInputStream();
    int matched = 0;
    while (matched < 4) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("the connection ended within the head");
      }
      matched = octet == "\r\n\r\n".charAt(matched) ? matched + 1 : octet == '\r' ? 1 : 0;
    }
    return socket;
  }

  /** The same, and answers. */
  public Socket accept(String answer) throws IOException {
    Socket socket = accept();
    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
