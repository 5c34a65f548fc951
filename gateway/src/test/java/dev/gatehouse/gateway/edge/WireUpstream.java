package dev.gatehouse.gateway.edge;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.gateway.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upstream on bare sockets that keeps every byte of every connection, whole requests or not.
 * Answers each whole request; one for {@code …/early} as soon as it has the head.
 */
final class WireUpstream implements AutoCloseable {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final Pattern CHUNKED = Pattern.compile("(?i)\r\ntransfer-encoding: *chunked");

  private final ServerSocket server;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private volatile String answer = OK;

  WireUpstream() throws IOException {
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::acceptEach);
  }

  EdgeService service(String name) {
    return EdgeService.of(name, List.of(new Endpoint("127.0.0.1", server.getLocalPort())));
  }

  /** Answers in these bytes from now on. */
  void answerWith(String bytes) {
    answer = bytes;
  }

  /** The connections that carried this text. */
  List<Connection> carrying(String text) {
    return connections.stream().filter(c -> c.received().contains(text)).toList();
  }

  /** The only connection that carried this text, once it has. */
  Connection awaitCarrying(String text) throws Exception {
    Eventually.holds(() -> carrying(text).size() == 1);
    return carrying(text).getFirst();
  }

  /** Knows nothing of the connections so far any more. */
  void forget() {
    connections.clear();
  }

  private void acceptEach() {
    try {
      while (true) {
        Connection connection = new Connection(server.accept());
        connections.add(connection);
        Thread.ofVirtual().start(connection::serve);
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

  /** One of the gateway's. */
  final class Connection {
    private final Socket socket;
    private final StringBuilder received = new StringBuilder();
    private int answered;
    private int early;
    private volatile boolean ended;

    Connection(Socket socket) {
      this.socket = socket;
    }

    /** All that came so far. */
    String received() {
      synchronized (received) {
        return received.toString();
      }
    }

    /** Whether the gateway has ended it. */
    boolean hasEnded() {
      return ended;
    }

    private void serve() {
      byte[] some = new byte[8192];
      try (socket) {
        InputStream in = socket.getInputStream();
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
          synchronized (received) {
            received.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
          }
          answerWhole();
        }
      } catch (IOException e) {
        // Reset.
      }
      ended = true;
    }

    private void answerWhole() throws IOException {
      for (int end = endOfNext(); end > 0; end = endOfNext()) {
        if (early < end) {
          send();
        }
        answered = end;
      }
    }

    /** Where the request ends that begins where the last one ended; 0 if it does not yet. */
    private int endOfNext() throws IOException {
      String all = received();
      int head = all.indexOf("\r\n\r\n", answered);
      if (head < 0) {
        return 0;
      }
      String lines = all.substring(answered, head);
      int body = head + 4;
      Matcher length = LENGTH.matcher(lines);
      if (lines.contains("/early") && early < body) {
        early = Integer.MAX_VALUE;
        send();
      }
      if (CHUNKED.matcher(lines).find()) {
        int last = all.indexOf("0\r\n\r\n", body);
        return last < 0 ? 0 : last + 5;
      }
      int end = body + (length.find() ? Integer.parseInt(length.group(1)) : 0);
      return end <= all.length() ? end : 0;
    }

    private void send() throws IOException {
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
