package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** By a clock of its own. */
class MinimumRateTest {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final MinimumRate rate = new MinimumRate(100, GRACE);
  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);

  private void after(double seconds) {
    now += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void forgivesAPauseOfItsGraceAndNoMore() {
    rate.turn(now);
    after(9.9);
    assertThat(rate.isTooSlow(now)).isFalse();
    assertThat(rate.orEarlier(now + TimeUnit.HOURS.toNanos(1)) - now)
        .isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
    after(0.2);
    assertThat(rate.isTooSlow(now)).isTrue();
  }

  @Test
  void endsATrickleHoweverSteadyItIs() {
    rate.turn(now);
    int seconds = 0;
    for (; !rate.isTooSlow(now) && seconds < 1000; seconds++) {
      after(1);
      rate.passed(10, now);
    }

    assertThat(seconds).isBetween(10, 13);
  }

  @Test
  void lastsForEverAtThatRate() {
    rate.turn(now);
    for (int i = 0; i < 10_000; i++) {
      after(5);
      assertThat(rate.isTooSlow(now)).isFalse();
      rate.passed(500, now);
    }
  }

  @Test
  void keepsNoMoreThanItsGraceOfALargeBeginning() {
    rate.turn(now);
    rate.passed(1 << 30, now);
    after(10.1);
    assertThat(rate.isTooSlow(now)).isTrue();
  }

  @Test
  void doesNotCountTheTimeOfOthers() {
    for (int i = 0; i < 10; i++) {
      rate.turn(now);
      after(0.9);
      rate.rest(now);
      after(1000);
      assertThat(rate.isTooSlow(now)).isFalse();
    }
    rate.turn(now);
    after(1.1);
    assertThat(rate.isTooSlow(now)).isTrue();
  }

  @Test
  void asksForNothingWhereAnySpeedWillDo() {
    MinimumRate any = new MinimumRate(0, GRACE);
    any.turn(now);
    after(1e6);
    assertThat(any.isTooSlow(now)).isFalse();
    assertThat(any.orEarlier(now)).isEqualTo(now);
  }
}
