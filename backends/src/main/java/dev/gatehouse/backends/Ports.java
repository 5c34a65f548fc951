package dev.gatehouse.backends;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports for servers that cannot pick one by themselves. */
final class Ports {
  private Ports() {}

  /**
   * Makes sure that nobody listens on a port of the loopback address.
   *
   * @throws BackendException.PortInUse if somebody does
   */
  static void requireFree(String program, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
    } catch (BindException e) {
      throw new BackendException.PortInUse(program, port);
    }
  }

  /** A port of the loopback address that nobody listens on just now. */
  static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
