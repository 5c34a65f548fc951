package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pauses between checks, which must not bring all of them together. */
@Timeout(10)
class HealthMonitorTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final SplittableRandom random = new SplittableRandom(7);

  private static LongSummaryStatistics of(LongStream pauses) {
    return pauses.limit(10_000).summaryStatistics();
  }

  @Test
  void aPauseIsTheIntervalGiveOrTakeATenth() {
    var pauses = of(LongStream.generate(() -> HealthMonitor.nextPause(INTERVAL, random)));

    assertThat(pauses.getMin()).isBetween(9000L, 9010L);
    assertThat(pauses.getMax()).isBetween(10_990L, 11_000L);
    assertThat(pauses.getAverage()).isBetween(9950.0, 10_050.0);
  }

  @Test
  void theFirstOneIsARandomPartOfAnInterval() {
    var pauses = of(LongStream.generate(() -> HealthMonitor.firstPause(INTERVAL, random)));

    assertThat(pauses.getMin()).isBetween(1L, 20L);
    assertThat(pauses.getMax()).isBetween(9980L, 10_000L);
    assertThat(pauses.getAverage()).isBetween(4900.0, 5100.0);
  }
}
