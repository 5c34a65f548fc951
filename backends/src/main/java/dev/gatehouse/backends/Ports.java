package dev.gatehouse.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address, for servers that must be told one before they start. */
public final class Ports {
  private static final int ATTEMPTS = 200;

  /** Below the range that Linux takes client ports from, so that none is taken meanwhile. */
  private static final int LOWEST = 15_000;

  private static final int HIGHEST = 32_000;

  private Ports() {}

  /**
   * Picks a port that nobody listens on just now. It is not reserved.
   *
   * @throws UncheckedIOException if none was found in 200 attempts
   */
  public static int free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new UncheckedIOException(
        new BindException("no free port was found on the loopback address"));
  }

  /**
   * Makes sure that nobody listens on a port.
   *
   * @param program who wants to listen there, for the message
   * @throws BackendException.PortInUse if somebody does
   */
  public static void requireFree(String program, int port) {
    if (!isFree(port)) {
      throw new BackendException.PortInUse(program, port);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (BindException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
