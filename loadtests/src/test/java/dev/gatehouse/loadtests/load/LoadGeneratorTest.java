package dev.gatehouse.loadtests.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.loadtests.process.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class LoadGeneratorTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final int BODY_LENGTH = 4;

  @Test
  void countsRightAnswers() throws IOException {
    LoadResult result = runAgainst("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");

    assertThat(result.wrongAnswers()).isZero();
    assertThat(result.answers()).isPositive().isEqualTo(result.latency().getTotalCount());
    assertThat(result.requestsPerSecond()).isPositive();
    assertThat(result.millisAt(99)).isGreaterThanOrEqualTo(result.millisAt(50)).isPositive();
  }

  @Test
  void takesHeaderNamesInAnyCase() throws IOException {
    LoadResult result = runAgainst("HTTP/1.1 200 OK\r\nCONTENT-length:4\r\n\r\nbody");

    assertThat(result.wrongAnswers()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          HTTP/1.1 429 Too Many|Content-Length: 4||body,  429
          HTTP/1.1 200 OK|Content-Length: 3||bod,        expected a body of 4 bytes
          HTTP/1.1 200 OK|X-Length: 4||body,             no Content-Length
          HTTP/1.1 200 OK|Content-Length: 4||body+more,  5 bytes after the answer
          '',                                            the connection was closed
          """)
  void countsAWrongAnswerAsAnErrorAndNotAsThroughput(String answer, String fault)
      throws IOException {
    LoadResult result = runAgainst(answer.replace("|", "\r\n"));

    assertThat(result.answers()).isZero();
    assertThat(result.wrongAnswers()).isPositive();
    assertThat(result.firstFault().orElseThrow()).contains(fault);
  }

  @Test
  void failsWhereNobodyListens() throws IOException {
    InetSocketAddress gone =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Child.freePort());

    assertThatThrownBy(() -> LoadGenerator.connect(gone, 1, request(), BODY_LENGTH))
        .isInstanceOf(IOException.class);
  }

  private static LoadResult runAgainst(String answer) throws IOException {
    try (CannedServer server = new CannedServer(answer);
        LoadGenerator load = LoadGenerator.connect(server.address(), 2, request(), BODY_LENGTH)) {
      return load.run(SHORT);
    }
  }

  private static Requests request() {
    return Requests.of(List.of("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  }
}
