package dev.gatehouse.deploy.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/** Waits until an HTTP server of this machine answers as it should. */
final class Readiness {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int ANSWER_TIMEOUT_MILLIS = 5_000;
  private static final long PAUSE_MILLIS = 50;
  private static final int NO_ANSWER = 0;

  private Readiness() {}

  /**
   * Waits for status 200.
   *
   * @param alive whether it can still come; looked at between two attempts
   * @return false if it no longer can
   * @throws DemoException if it takes more than 90 seconds
   */
  static boolean await(int port, String path, BooleanSupplier alive) throws InterruptedException {
    String request = "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    return await(port, request.formatted(path), status -> status == 200, alive);
  }

  /** Waits until the gateway knows a tenant and reaches its service. */
  static void awaitTenant(int gatewayPort, DemoTenant tenant) throws InterruptedException {
    String request =
        "GET / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nConnection: close\r\n\r\n"
            .formatted(tenant.host(), tenant.apiKey());
    await(gatewayPort, request, status -> status != 404 && status < 500, () -> true);
  }

  private static boolean await(
      int port, String request, IntPredicate expected, BooleanSupplier alive)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    int status = status(port, request);
    while (status == NO_ANSWER || !expected.test(status)) {
      if (!alive.getAsBoolean()) {
        return false;
      }
      if (Instant.now().isAfter(deadline)) {
        throw new DemoException(
            "Port %d did not become ready within %d s, its last answer had status %d."
                .formatted(port, PATIENCE.toSeconds(), status));
      }
      Thread.sleep(PAUSE_MILLIS);
      status = status(port, request);
    }
    return true;
  }

  /** A plain socket, as a client library does not let a request name another host. */
  private static int status(int port, String request) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_TIMEOUT_MILLIS);
      socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String statusLine = answer.readLine();
      return statusLine != null && statusLine.matches("HTTP/1\\.1 \\d{3}.*")
          ? Integer.parseInt(statusLine.substring(9, 12))
          : NO_ANSWER;
    } catch (IOException e) {
      return NO_ANSWER;
    }
  }
}
