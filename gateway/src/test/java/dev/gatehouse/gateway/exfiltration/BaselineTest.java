package dev.gatehouse.gateway.exfiltration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class BaselineTest {
  private static final double WEIGHT = 0.1;

  private final Baseline baseline = new Baseline();

  /** By the definitions, over all values at once. */
  @Test
  void isTheWeightedMeanAndVariance() {
    double[] values = new Random(7).doubles(500, 100, 110).toArray();
    double mean = 0;
    double squares = 0;
    double rest = 1;
    for (int i = values.length - 1; i >= 0; i--) {
      mean += rest * WEIGHT * values[i];
      squares += rest * WEIGHT * values[i] * values[i];
      rest *= 1 - WEIGHT;
    }
    for (double value : values) {
      baseline.teach(value, WEIGHT, values.length);
    }

    assertThat(baseline.mean()).isCloseTo(mean, within(1e-6));
    // 10 is below an eighth of the mean, the least that a deviation is taken for.
    assertThat(baseline.limit(1)).isCloseTo(mean * 9 / 8, within(1e-6));
    assertThat(Math.sqrt(squares - mean * mean)).isLessThan(mean / 8);
  }

  @Test
  void knowsHowFarValuesLieApart() {
    for (int i = 0; i < 1000; i++) {
      baseline.teach(i % 2 == 0 ? 0 : 100, 0.001, 1000);
    }

    assertThat(baseline.mean()).isCloseTo(50, within(0.5));
    assertThat(baseline.limit(3)).isCloseTo(200, within(2.0));
  }

  @Test
  void givesTheFirstValuesTheSameWeight() {
    baseline.teach(1000, WEIGHT, 10);
    baseline.teach(0, WEIGHT, 10);

    assertThat(baseline.mean()).isEqualTo(500);
    assertThat(baseline.taught()).isEqualTo(2);
  }

  @Test
  void learnsLittleFromASingleValueHoweverLargeItIs() {
    for (int i = 0; i < 10; i++) {
      baseline.teach(100, WEIGHT, 10);
    }
    baseline.teach(1e12, WEIGHT, 10);

    assertThat(baseline.mean()).isCloseTo(100 + WEIGHT * 25, within(0.01));
  }

  /** Somebody who knows where the limit is, and always stays just below it. */
  @Test
  void isRaisedByLessThanThreefoldInAHalfLife() {
    int halfLife = 100;
    double weight = 1 - Math.pow(2, -1.0 / halfLife);
    for (int i = 0; i < 200; i++) {
      baseline.teach(100, weight, 10);
    }
    double before = baseline.limit(8);

    for (int i = 0; i < halfLife; i++) {
      baseline.teach(baseline.limit(8), weight, 10);
    }

    assertThat(baseline.limit(8) / before).isBetween(1.5, 3.0);
  }
}
