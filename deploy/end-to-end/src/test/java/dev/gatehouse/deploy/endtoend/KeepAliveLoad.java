package dev.gatehouse.deploy.endtoend;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP/1.1 clients that send one request after the other over connections that they keep until a
 * response says that it is the last. They try nothing again: what fails, has failed.
 */
final class KeepAliveLoad implements AutoCloseable {
  private final int port;
  private final byte[] request;
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger farewells = new AtomicInteger();
  private volatile boolean stopping;

  KeepAliveLoad(int clientCount, int port, String headers) {
    this.port = port;
    this.request = ("GET / HTTP/1.1\r\n" + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < clientCount; i++) {
      clients.execute(this::run);
    }
  }

  private void run() {
    while (!stopping) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(30_000);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        boolean last = false;
        while (!stopping && !last) {
          socket.getOutputStream().write(request);
          last = isLast(in);
          Thread.sleep(StreamingLoad.PAUSE_MILLIS);
        }
      } catch (IOException | InterruptedException | RuntimeException e) {
        failures.add("HTTP/1.1: " + e);
        return;
      }
    }
  }

  private boolean isLast(InputStream in) throws IOException {
    String head = head(in);
    int length = head.indexOf("content-length: ") + "content-length: ".length();
    in.readNBytes(Integer.parseInt(head.substring(length, head.indexOf('\r', length))));
    if (!head.startsWith("http/1.1 200")) {
      failures.add(head);
    }
    answers.incrementAndGet();
    boolean last = head.contains("connection: close");
    if (last) {
      farewells.incrementAndGet();
    }
    return last;
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended after \"" + head + "\"");
      }
      head.append((char) next);
    }
    return head.toString().toLowerCase(Locale.ROOT);
  }

  /** What went wrong. */
  List<String> failures() {
    return failures;
  }

  /** Responses so far. */
  int answers() {
    return answers.get();
  }

  /** Responses so far that said that they were the last of their connection. */
  int farewells() {
    return farewells.get();
  }

  @Override
  public void close() {
    stopping = true;
    clients.close();
  }
}
