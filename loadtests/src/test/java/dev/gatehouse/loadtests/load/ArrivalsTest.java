package dev.gatehouse.loadtests.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ArrivalsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void comeAtTheirRateOneAfterTheOther() {
    Arrivals arrivals = Arrivals.poisson(1000, MINUTE, 7);

    assertThat(arrivals.count()).isBetween(58_500, 61_500);
    long last = 0;
    for (int i = 0; i < arrivals.count(); i++) {
      assertThat(arrivals.nanosUntil(i)).isBetween(last, MINUTE.toNanos());
      last = arrivals.nanosUntil(i);
    }
  }

  @Test
  void areTheSameForTheSameSeedOnly() {
    assertThat(Arrivals.poisson(100, MINUTE, 7).nanosUntil(99))
        .isEqualTo(Arrivals.poisson(100, MINUTE, 7).nanosUntil(99))
        .isNotEqualTo(Arrivals.poisson(100, MINUTE, 8).nanosUntil(99));
  }

  @Test
  void areNoneAtARateOfNothing() {
    assertThat(Arrivals.poisson(0, MINUTE, 7).count()).isZero();
  }
}
