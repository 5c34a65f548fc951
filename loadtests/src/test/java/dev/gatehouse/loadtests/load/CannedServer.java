package dev.gatehouse.loadtests.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Answers every request with the same bytes, right or wrong; closes when they are empty. */
final class CannedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final byte[] answer;
  private final Duration delay;

  CannedServer(String answer) throws IOException {
    this(answer, Duration.ZERO);
  }

  /**
   * @param delay before each answer of a connection
   */
  CannedServer(String answer, Duration delay) throws IOException {
    this.delay = delay;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.answer = answer.getBytes(StandardCharsets.US_ASCII);
    Thread.startVirtualThread(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed: nobody else is to be accepted.
    }
  }

  private void serve(Socket socket) {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          if (answer.length == 0) {
            return;
          }
          Thread.sleep(delay);
          socket.getOutputStream().write(answer);
        }
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
