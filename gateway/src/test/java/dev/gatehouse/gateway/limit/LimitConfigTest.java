package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class LimitConfigTest {
  @Test
  void hasTheseDefaults() {
    assertThat(LimitConfig.DEFAULT)
        .isEqualTo(
            new LimitConfig(
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                200,
                Duration.ofSeconds(10),
                Duration.ofMillis(100),
                Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.001S, PT0.001S, 1, PT0.001S, PT0.001S, PT0.001S",
    "PT1H, PT1H, 1000, PT1H, PT1H, PT1H"
  })
  void takesTheBoundsThemselves(
      Duration interval,
      Duration timeout,
      int batch,
      Duration debt,
      Duration delay,
      Duration maxDelay) {
    assertThatCode(() -> new LimitConfig(interval, timeout, batch, debt, delay, maxDelay))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S,     PT1S, 1,    PT1S, PT1S, PT1S, 'syncInterval must be between 1 ms and 1 h, found PT0S'",
    "PT1H0.1S, PT1S, 1,    PT1S, PT1S, PT1S, 'syncInterval must be between 1 ms and 1 h, found PT1H0.1S'",
    "PT1S,    -PT1S, 1,    PT1S, PT1S, PT1S, 'syncTimeout must be between 1 ms and 1 h, found PT-1S'",
    "PT1S,     PT1S, 0,    PT1S, PT1S, PT1S, 'batchSize must be between 1 and 1000, found 0'",
    "PT1S,     PT1S, 1001, PT1S, PT1S, PT1S, 'batchSize must be between 1 and 1000, found 1001'",
    "PT1S,     PT1S, 1,    PT2H, PT1S, PT1S, 'maxDebt must be between 1 ms and 1 h, found PT2H'",
    "PT1S,     PT1S, 1,    PT1S, PT0S, PT1S, 'reconnectDelay must be between 1 ms and 1 h, found PT0S'",
    "PT1S,     PT1S, 1,    PT1S, PT1S, PT2H, 'maxReconnectDelay must be between 1 ms and 1 h, found PT2H'",
    "PT1S,     PT1S, 1,    PT1S, PT2S, PT1S, 'maxReconnectDelay must be at least reconnectDelay, PT2S, found PT1S'"
  })
  void refusesWhatIsOutOfBounds(
      Duration interval,
      Duration timeout,
      int batch,
      Duration debt,
      Duration delay,
      Duration maxDelay,
      String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LimitConfig(interval, timeout, batch, debt, delay, maxDelay))
        .withMessage(message);
  }
}
