package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of headers that are whole, and those that are not, however they come in pieces. */
class ResponseHeadTest {
  private static boolean accepts(String head, int piece) {
    ResponseHead scanner = new ResponseHead();
    scanner.begin();
    byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
    for (int at = 0; at < bytes.length; at += piece) {
      int length = Math.min(piece, bytes.length - at);
      if (!scanner.accepts(Unpooled.wrappedBuffer(bytes, at, length))) {
        return false;
      }
    }
    assertThat(scanner.isOver()).isTrue();
    return true;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n\r\nX A: b\r\n\r\n",
        "HTTP/1.1 200\r\nA: b c: d\r\nB:\r\n\r\n",
        "\r\n\r\nHTTP/1.1 200 OK\r\nA : b\r\nB\t \t: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded line: c\r\n\r\n",
        "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\nA: b\r\n\r\nX A: b",
        "HTTP/1.1 101 Switching\r\nA: b\r\n\r\nX A: b\r\n\r\n",
        "HTTP/1.0 200 OK\nA: b\n\nX A: b\n"
      })
  void lets(String head) {
    for (int piece = 1; piece <= head.length(); piece++) {
      assertThat(accepts(head, piece)).as("in pieces of %d", piece).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nX A: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\nX\tA: b\r\n\r\n",
        "HTTP/1.1 200 OK\nX A: b\n\n",
        "HTTP/1.1 103 Early\r\nX A: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nX A : b\r\n\r\n"
      })
  void findsANameThatIsNotWhole(String head) {
    for (int piece = 1; piece <= head.length(); piece++) {
      assertThat(accepts(head, piece)).as("in pieces of %d", piece).isFalse();
    }
  }
}
