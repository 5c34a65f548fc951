package dev.gatehouse.gateway.outside;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** An upstream on bare sockets that does on every connection what its script says. */
final class FaultyUpstream implements AutoCloseable {
  private static final int MOST_WAIT_MILLIS = 20_000;

  /** Longer than any test waits: it is the gateway that must end a connection. */
  private static final int READ_MILLIS = 2 * MOST_WAIT_MILLIS;

  private final ServerSocket server;
  private final Script script;
  private int accepted;
  private int open;

  /** What happens on one connection. Whatever it throws ends the connection. */
  interface Script {
    void run(Connection connection) throws IOException;
  }

  FaultyUpstream(Script script) throws IOException {
    this.script = script;
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::acceptEach);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Connections that the gateway has opened so far. */
  synchronized int accepted() {
    return accepted;
  }

  /** Waits until either side has ended every connection. */
  synchronized void awaitNoneOpen() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOST_WAIT_MILLIS);
    while (open > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            open + " upstream connections are open after " + MOST_WAIT_MILLIS + " ms");
      }
      wait(left);
    }
  }

  private void acceptEach() {
    try {
      while (true) {
        Socket socket = server.accept();
        int number = opened();
        Thread.ofVirtual().start(() -> serve(new Connection(socket, number)));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Connection connection) {
    try (connection.socket) {
      connection.socket.setSoTimeout(READ_MILLIS);
      script.run(connection);
    } catch (IOException e) {
      // The gateway has ended it, or the script wants it ended.
    } finally {
      closed();
    }
  }

  private synchronized int opened() {
    open++;
    return ++accepted;
  }

  private synchronized void closed() {
    open--;
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /**
   * A connection of the gateway's.
   *
   * @param number 1 for the first one
   */
  record Connection(Socket socket, int number) {
    /** Reads a request's head and leaves its body. */
    String readHead() throws IOException {
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int b = in.read();
        if (b < 0) {
          throw new SocketException("the gateway closed the connection");
        }
        head.write(b);
      }
      return head.toString(StandardCharsets.ISO_8859_1);
    }

    void send(String text) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Answers a whole request properly. */
    void answer(String body) throws IOException {
      send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Sends the same again and again until the gateway will have no more of it. */
    void flood(String text, long mostBytes) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      for (long sent = 0; sent < mostBytes; sent += bytes.length) {
        socket.getOutputStream().write(bytes);
      }
      awaitEnd();
    }

    /** Reads, and forgets, until the gateway ends the connection. */
    void awaitEnd() throws IOException {
      while (socket.getInputStream().read() >= 0) {
        // What the gateway sends does not matter.
      }
    }

    /** Ends it with RST instead of FIN. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
