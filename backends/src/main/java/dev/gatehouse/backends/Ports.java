package dev.gatehouse.backends;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Picks ports for servers that cannot pick one by themselves. */
final class Ports {
  private Ports() {}

  /** A port of the loopback address that nobody listens on just now. */
  static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
