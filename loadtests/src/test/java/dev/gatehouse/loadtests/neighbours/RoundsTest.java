package dev.gatehouse.loadtests.neighbours;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.loadtests.process.LoadAverage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RoundsTest {
  private final Rounds rounds = new Rounds();

  private void add(Situation situation, double refused, double... p99Millis) {
    for (double p99 : p99Millis) {
      rounds.add(
          situation, new Sample(1, p99, refused, 500, new LimitCourse.Range(5, 8, (int) p99)));
    }
  }

  private Report report() {
    return Report.of(rounds, Plan.QUICK, true, new LoadAverage(1, 2));
  }

  @Test
  void takesTheMedianOfTheRatiosWithinEachRound() {
    add(Situation.ALONE, 0, 10, 20, 100);
    add(Situation.ADAPTIVE, 0, 14, 26, 300);

    assertThat(rounds.medianRatioToAlone(Situation.ADAPTIVE)).isEqualTo(1.4);
    assertThat(rounds.limits(Situation.ADAPTIVE)).isEqualTo(new LimitCourse.Range(5, 8, 300));
  }

  @Test
  void saysWhetherThePromiseWasKept() {
    add(Situation.ALONE, 0, 10);
    add(Situation.ADAPTIVE, 0, 15);

    assertThat(report().met()).isTrue();
    assertThat(report().table()).contains("nothing tuned: yes");
  }

  @Test
  void saysThatItWasNotWhereTheQuietTenantWaitedTooLong() {
    add(Situation.ALONE, 0, 10);
    add(Situation.ADAPTIVE, 0, 15.1);

    assertThat(report().met()).isFalse();
    assertThat(report().table()).contains("nothing tuned: NO");
  }

  @Test
  void saysThatItWasNotWhereTheQuietTenantWasRefused() {
    add(Situation.ALONE, 0, 10);
    add(Situation.ADAPTIVE, 0.01, 10);

    assertThat(report().met()).isFalse();
  }
}
