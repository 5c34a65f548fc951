package dev.gatehouse.loadtests.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The answer to one request on a connection of its own.
 *
 * @param body as it came, whatever its transfer coding
 */
record Reply(int status, String body) {
  private static final int PATIENCE_MILLIS = 10_000;

  /**
   * Asks a server on loopback.
   *
   * @param head of a request without a body, that asks for the connection to be closed
   * @throws IOException if it does not answer within ten seconds, or not in HTTP/1.1
   */
  static Reply to(String head, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
    }
  }

  private static Reply parse(String answer) throws IOException {
    int headEnd = answer.indexOf("\r\n\r\n");
    if (headEnd < 0 || !answer.matches("(?s)HTTP/1\\.1 \\d{3}[ \r].*")) {
      throw new IOException("expected an answer in HTTP/1.1, found \"" + answer + "\"");
    }
    return new Reply(Integer.parseInt(answer.substring(9, 12)), answer.substring(headEnd + 4));
  }
}
