package dev.gatehouse.loadtests.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WorkersTest {
  private static final int REQUESTS = 100_000;
  private static final double MILLI = 1e6;

  @Test
  void doAsMuchAsTheyCanAndNoMore() {
    Workers workers = new Workers(8, 10, 7, 0);
    long last = 0;
    for (int i = 0; i < REQUESTS; i++) {
      last = Math.max(last, workers.take(0));
    }

    assertThat(last / MILLI / 1000).as("seconds").isCloseTo(REQUESTS / 800.0, within(5));
  }

  @Test
  void letNobodyWaitWhoseWorkerIsFree() {
    Workers workers = new Workers(8, 10, 7, 0);
    double sum = 0;
    long second = 1_000_000_000L;
    for (int i = 0; i < REQUESTS; i++) {
      sum += workers.take(i * second) - i * second;
    }

    assertThat(sum / REQUESTS / MILLI).as("milliseconds").isCloseTo(10, within(2));
  }

  private static Percentage within(int percent) {
    return Percentage.withPercentage(percent);
  }
}
