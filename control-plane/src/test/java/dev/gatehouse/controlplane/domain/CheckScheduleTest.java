package dev.gatehouse.controlplane.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class CheckScheduleTest {
  /** From the table that Cloudflare publishes. */
  @ParameterizedTest
  @CsvSource({
    "0,60",
    "1,63",
    "2,66",
    "5,76",
    "9,93",
    "10,242",
    "11,279",
    "20,981",
    "30,3972",
    "39,13975",
    "40,14400",
    "74,14400"
  })
  void pausesAsItIsPublished(int retry, long seconds) {
    assertThat(CheckSchedule.pauseBefore(retry)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void takesAboutSevenDays() {
    Duration all = Duration.ZERO;
    for (int retry = 0; retry < CheckSchedule.RETRIES; retry++) {
      all = all.plus(CheckSchedule.pauseBefore(retry));
    }
    assertThat(all).isBetween(Duration.ofDays(6), Duration.ofDays(8));
  }
}
