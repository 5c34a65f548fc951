package dev.gatehouse.loadtests.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.loadtests.load.OpenLoadGenerator.WhenFull;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OpenLoadGeneratorTest {
  private static final String RIGHT = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody";
  private static final String REFUSAL = "HTTP/1.1 503 Busy\r\nContent-Length: 6\r\n\r\nno way";
  private static final Duration SLOW = Duration.ofMillis(50);
  private static final Arrivals ARRIVALS = Arrivals.poisson(200, Duration.ofMillis(500), 7);

  @Test
  void sendsEveryRequestThatIsDue() throws IOException {
    try (CannedServer server = new CannedServer(RIGHT)) {
      OpenLoadResult result = run(server, 64, WhenFull.WAIT, Duration.ZERO);

      assertThat(result.wrongAnswers()).isZero();
      assertThat(result.answers()).isEqualTo(ARRIVALS.count());
      assertThat(result.millisAt(99)).isGreaterThanOrEqualTo(result.millisAt(50)).isPositive();
    }
  }

  @Test
  void countsTheTimeThatARequestWaitedForAConnection() throws IOException {
    try (CannedServer server = new CannedServer(RIGHT, SLOW)) {
      OpenLoadResult result = run(server, 1, WhenFull.WAIT, Duration.ZERO);

      assertThat(result.answers()).isEqualTo(ARRIVALS.count());
      assertThat(result.millisAt(100))
          .as("the last had all others before it")
          .isGreaterThan((ARRIVALS.count() - 1) * SLOW.toMillis() - 500.0);
    }
  }

  @Test
  void skipsWhatFindsNoConnectionWhereNothingMayWait() throws IOException {
    try (CannedServer server = new CannedServer(RIGHT, SLOW)) {
      OpenLoadResult result = run(server, 1, WhenFull.SKIP, Duration.ZERO);

      assertThat(result.skipped()).isPositive();
      assertThat(result.answers() + result.skipped()).isEqualTo(ARRIVALS.count());
    }
  }

  @Test
  void countsNothingThatIsDueBeforeItCounts() throws IOException {
    try (CannedServer server = new CannedServer(RIGHT)) {
      OpenLoadResult result = run(server, 64, WhenFull.WAIT, Duration.ofMillis(250));

      long early = 0;
      while (ARRIVALS.nanosUntil((int) early) < Duration.ofMillis(250).toNanos()) {
        early++;
      }
      assertThat(result.answers()).isEqualTo(ARRIVALS.count() - early);
    }
  }

  @Test
  void countsRefusalsApart() throws IOException {
    try (CannedServer server = new CannedServer(REFUSAL)) {
      OpenLoadResult result = run(server, 64, WhenFull.WAIT, Duration.ZERO);

      assertThat(result.refused()).isEqualTo(ARRIVALS.count());
      assertThat(result.answers()).isZero();
      assertThat(result.wrongAnswers()).isZero();
    }
  }

  @Test
  void countsAWrongAnswerAsAnError() throws IOException {
    try (CannedServer server = new CannedServer("HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n")) {
      OpenLoadResult result = run(server, 64, WhenFull.WAIT, Duration.ZERO);

      assertThat(result.answers()).isZero();
      assertThat(result.wrongAnswers()).isEqualTo(ARRIVALS.count());
      assertThat(result.firstFault().orElseThrow()).contains("429");
    }
  }

  private static OpenLoadResult run(
      CannedServer server, int connections, WhenFull whenFull, Duration uncounted)
      throws IOException {
    try (OpenLoadGenerator load =
        OpenLoadGenerator.connect(
            server.address(),
            connections,
            whenFull,
            Requests.of(List.of("GET / HTTP/1.1\r\nHost: a\r\n\r\n")),
            4)) {
      return load.run(ARRIVALS, uncounted);
    }
  }
}
