package dev.gatehouse.loadtests.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RoundsTest {
  private final Rounds rounds = new Rounds();

  @Test
  void takesTheMedianOfTheRatiosWithinEachRound() {
    add("ours", 10, 20, 90);
    add("theirs", 10, 10, 30);

    assertThat(rounds.medianRatio("ours", "theirs").orElseThrow().cpuMicrosPerRequest())
        .as("of 1, 2 and 3, although a neighbour made the last round slow for both")
        .isEqualTo(2);
    assertThat(rounds.medianRatio("theirs", "theirs").orElseThrow().cpuMicrosPerRequest())
        .isEqualTo(1);
  }

  @Test
  void takesTheMiddleOfAnOddAndOfAnEvenNumberOfRounds() {
    add("odd", 9, 1, 5);
    add("even", 4, 8);

    assertThat(rounds.median("odd").cpuMicrosPerRequest()).isEqualTo(5);
    assertThat(rounds.median("even").cpuMicrosPerRequest()).isEqualTo(6);
  }

  @Test
  void hasNoRatioToWhoDidNotTakePart() {
    add("ours", 10);

    assertThat(rounds.medianRatio("ours", "theirs")).isEmpty();
  }

  private void add(String contender, double... cpuMicros) {
    for (double cpu : cpuMicros) {
      rounds.add(contender, new Measurement(1000, 1, 2, cpu, 100));
    }
  }
}
