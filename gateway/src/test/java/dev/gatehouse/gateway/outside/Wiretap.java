package dev.gatehouse.gateway.outside;

import dev.gatehouse.gateway.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An upstream that keeps all that arrives. It answers the first whole request of a connection, and
 * wants no more on it: whatever comes behind that request was no request to the proxy.
 */
final class Wiretap implements AutoCloseable {
  private static final String OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

  private final ServerSocket server;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();

  Wiretap() throws IOException {
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::acceptEach);
  }

  int port() {
    return server.getLocalPort();
  }

  /**
   * What arrived since the last call, once all of it has: the last to come is the marker, which is
   * not given. A connection that was opened and not used is not waited for for long.
   */
  List<ArrivedRequest> takeUntil(String marker) throws Exception {
    Eventually.holds(() -> connections.stream().anyMatch(c -> c.received().contains(marker)));
    for (Connection connection : connections) {
      if (!connection.serving.join(Duration.ofSeconds(1))) {
        connection.socket.close();
        connection.serving.join();
      }
    }
    List<ArrivedRequest> arrived = new ArrayList<>();
    for (Connection connection : connections) {
      String received = connection.received();
      if (!received.contains(marker)) {
        arrived.addAll(ArrivedRequest.allIn(received));
      }
    }
    connections.clear();
    return List.copyOf(arrived);
  }

  private void acceptEach() {
    try {
      while (true) {
        Connection connection = new Connection(server.accept());
        connections.add(connection);
        connection.serving.start();
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Connection connection : connections) {
      connection.socket.close();
    }
  }

  private static final class Connection {
    private final Socket socket;

    /** Grows by one thread alone. */
    private volatile String received = "";

    private final Thread serving;

    Connection(Socket socket) {
      this.socket = socket;
      serving = Thread.ofVirtual().unstarted(this::serve);
    }

    String received() {
      return received;
    }

    private void serve() {
      byte[] some = new byte[65_536];
      boolean answered = false;
      try (socket) {
        InputStream in = socket.getInputStream();
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
          received = received() + new String(some, 0, count, StandardCharsets.ISO_8859_1);
          if (!answered
              && ArrivedRequest.at(0, received()).state() != ArrivedRequest.State.BROKEN_OFF) {
            socket.getOutputStream().write(OK.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            answered = true;
          }
        }
      } catch (IOException e) {
        // Reset.
      }
    }
  }
}
