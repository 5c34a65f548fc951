package dev.gatehouse.loadtests.upstream;

import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.process.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Answers every request without a body with {@value #BODY_LENGTH} bytes, over connections that stay
 * open. One thread, one read and one write for a request. A program of its own, so that its CPU is
 * not the proxy's.
 */
public final class Upstream implements AutoCloseable {
  /** Length of every answer's body. */
  public static final int BODY_LENGTH = 1024;

  /** A GET of this path is answered with the head of the request, as it came. */
  public static final String ECHO_PATH = "/echo";

  private static final ByteBuffer ECHO_REQUEST =
      ByteBuffer.wrap(("GET " + ECHO_PATH + " ").getBytes(StandardCharsets.US_ASCII));

  private static final int HEAD_END = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

  private final Selector selector;
  private final ServerSocketChannel listener;
  private final ByteBuffer inbound = ByteBuffer.allocateDirect(64 * 1024);
  private final ByteBuffer answer;

  private Upstream(Selector selector, ServerSocketChannel listener) {
    this.selector = selector;
    this.listener = listener;
    byte[] encoded =
        ("HTTP/1.1 200 OK\r\nServer: upstream\r\nContent-Type: application/octet-stream\r\n"
                + "Cache-Control: no-store\r\nContent-Length: "
                + BODY_LENGTH
                + "\r\n\r\n"
                + "x".repeat(BODY_LENGTH))
            .getBytes(StandardCharsets.US_ASCII);
    this.answer = ByteBuffer.allocateDirect(encoded.length).put(encoded).flip();
  }

  /**
   * Binds a loopback port; {@link #serve} then answers.
   *
   * @param port 0 for any free one
   * @throws IOException if it cannot be bound
   */
  public static Upstream bind(int port) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    listener.configureBlocking(false);
    Selector selector = Selector.open();
    listener.register(selector, SelectionKey.OP_ACCEPT);
    return new Upstream(selector, listener);
  }

  /**
   * Runs an upstream until the process is told to stop.
   *
   * @param args the port
   */
  public static void main(String[] args) throws IOException {
    try (Upstream upstream = bind(Integer.parseInt(args[0]))) {
      upstream.serve();
    }
  }

  /**
   * Starts one in a process of its own, on the core of the load.
   *
   * @param folder for its log
   * @throws IOException if it cannot be run
   */
  public static Child inOwnProcess(Cores cores, int port, Path folder) throws IOException {
    List<String> command =
        Programs.java(
            List.of("-Xmx64m", "-XX:+UseSerialGC"),
            Upstream.class.getName(),
            Integer.toString(port));
    return Child.start(cores.forLoad(command), folder.resolve("upstream.log"));
  }

  /** The port that was bound. */
  public int port() {
    return listener.socket().getLocalPort();
  }

  /**
   * Serves on this thread until {@link #close}.
   *
   * @throws IOException if the selector fails
   */
  public void serve() throws IOException {
    while (selector.isOpen()) {
      selector.select(this::ready);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    selector.close();
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept();
      } else {
        answer(key);
      }
    } catch (IOException e) {
      key.cancel();
    }
  }

  private void accept() throws IOException {
    SocketChannel channel = listener.accept();
    if (channel != null) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new HeadEnds());
    }
  }

  private void answer(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    inbound.clear();
    if (channel.read(inbound) < 0) {
      channel.close();
      return;
    }
    if (inbound.flip().mismatch(ECHO_REQUEST) == ECHO_REQUEST.remaining()) {
      echo(channel);
      return;
    }
    int requests = ((HeadEnds) key.attachment()).countIn(inbound);
    for (int i = 0; i < requests; i++) {
      writeFully(channel, answer.rewind());
    }
  }

  /** Waits for the rest of the head: who asks for an echo sends nothing else meanwhile. */
  private void echo(SocketChannel channel) throws IOException {
    inbound.position(inbound.limit()).limit(inbound.capacity());
    while (inbound.getInt(inbound.position() - Integer.BYTES) != HEAD_END) {
      if (!inbound.hasRemaining() || channel.read(inbound) < 0) {
        channel.close();
        return;
      }
    }
    inbound.flip();
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
            .formatted(inbound.remaining());
    writeFully(channel, ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
    writeFully(channel, inbound);
  }

  private static void writeFully(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Counts the ends of request heads in a connection's bytes, across reads. */
  private static final class HeadEnds {
    private int lastFour;

    int countIn(ByteBuffer bytes) {
      int count = 0;
      while (bytes.hasRemaining()) {
        lastFour = lastFour << 8 | bytes.get();
        if (lastFour == HEAD_END) {
          count++;
        }
      }
      return count;
    }
  }
}
