package dev.gatehouse.gateway.exfiltration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.EgressBudget;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class ExfiltrationConfigTest {
  private static final Duration WINDOW = Duration.ofMinutes(10);

  @Test
  void alarmsByDefault() {
    assertThat(ExfiltrationConfig.DEFAULT)
        .isEqualTo(
            new ExfiltrationConfig(
                EgressBudget.DEFAULT,
                new WindowConfig(WINDOW, 288, 48, 10, 52_428_800, 10_000),
                new PeriodConfig(Duration.ofDays(1), 7, 5, 5, 524_288_000, 100_000),
                true,
                "X-Record-Count",
                50_000,
                1000));
    assertThat(ExfiltrationConfig.DEFAULT.action()).isEqualTo(EgressBudget.Action.ALARM);
    assertThat(ExfiltrationConfig.DEFAULT.windowsPerPeriod()).isEqualTo(144);
    assertThat(ExfiltrationConfig.DEFAULT.sweepMillis()).isEqualTo(1000);
  }

  @ParameterizedTest
  @CsvSource({"PT10M, PT10M", "PT10M, PT25M", "PT7M, P1D"})
  void aPeriodIsAMultipleOfAWindow(Duration window, Duration period) {
    assertThatThrownBy(() -> with(window, period, "X-Record-Count", 1))
        .hasMessageContaining("period.length must be a multiple of window.length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X Records", "X-Records:", "X\r\n"})
  void theHeaderHasAProperName(String name) {
    assertThatThrownBy(() -> with(WINDOW, Duration.ofDays(1), name, 1))
        .hasMessageContaining("recordsHeader must be the name of a header");
  }

  @Test
  void numbersHaveTheirRange() {
    assertThatThrownBy(() -> with(WINDOW, Duration.ofDays(1), "X", 0))
        .hasMessageContaining("maxPrincipals must be between 1 and 1000000, found 0");
    assertThatThrownBy(() -> new WindowConfig(WINDOW, 288, 1, 8, 0, 0))
        .hasMessageContaining("learn must be between 2 and 100000, found 1");
    assertThatThrownBy(() -> new WindowConfig(Duration.ofMillis(99), 288, 48, 8, 0, 0))
        .hasMessageContaining("length must be from 100ms to 1d");
    assertThatThrownBy(() -> new PeriodConfig(Duration.ofDays(32), 7, 5, 5, 0, 0))
        .hasMessageContaining("length must be from 200ms to 31d");
  }

  private static ExfiltrationConfig with(
      Duration window, Duration period, String header, int maxPrincipals) {
    return new ExfiltrationConfig(
        EgressBudget.DEFAULT,
        new WindowConfig(window, 288, 48, 8, 0, 0),
        new PeriodConfig(period, 7, 5, 5, 0, 0),
        true,
        header,
        maxPrincipals,
        1000);
  }
}
