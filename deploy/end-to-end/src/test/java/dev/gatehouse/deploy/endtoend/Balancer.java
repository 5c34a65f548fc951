package dev.gatehouse.deploy.endtoend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A load balancer for TCP: each new connection goes to a backend that says it is ready, in turns.
 * What is open stays where it is.
 */
final class Balancer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  private final List<Backend> backends;
  private final Readiness readiness;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * Where connections may go.
   *
   * @param adminPort where it says whether it is ready
   */
  record Backend(int port, int adminPort) {}

  /** How a backend is asked. */
  interface Readiness {
    boolean isReady(int adminPort) throws InterruptedException;
  }

  Balancer(List<Backend> backends, Readiness readiness) throws IOException {
    this.backends = backends;
    this.readiness = readiness;
    Thread.ofVirtual().start(this::acceptEach);
  }

  int port() {
    return server.getLocalPort();
  }

  private void acceptEach() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket backend = new Socket(InetAddress.getLoopbackAddress(), ready().port)) {
      Thread back = Thread.ofVirtual().start(() -> copy(backend, client));
      copy(client, backend);
      back.join();
    } catch (IOException e) {
      // The client sees it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Backend ready() throws InterruptedException {
    while (true) {
      Backend next = backends.get(Math.floorMod(turn.getAndIncrement(), backends.size()));
      if (readiness.isReady(next.adminPort)) {
        return next;
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // Either side has reset it: neither may wait for more.
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
