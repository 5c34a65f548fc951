package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many retries there may be. */
@Timeout(10)
class RetryBudgetTest {
  private final ManualTime time = new ManualTime();
  private final RetryBudget budget = new RetryBudget(20, 2, time);

  private int drain() {
    int retries = 0;
    while (budget.tryRetry()) {
      retries++;
    }
    return retries;
  }

  private void requests(int count) {
    for (int i = 0; i < count; i++) {
      budget.request(time.getAsLong());
    }
  }

  @Test
  void allowsAFewWithoutAnyTraffic() {
    assertThat(drain()).isEqualTo(50);
    assertThat(drain()).isZero();
  }

  @Test
  void allowsAPartOfTheRequests() {
    requests(1000);
    assertThat(drain()).isEqualTo(50 + 200);
  }

  @Test
  void forgetsWhatIsOlderThanTheWindow() {
    requests(1000);
    assertThat(drain()).isEqualTo(250);
    time.passMillis(5000);
    requests(100);
    assertThat(drain()).isEqualTo(20);
    time.passMillis(5000);
    assertThat(drain()).isEqualTo(50);
    time.passMillis(1_000_000);
    assertThat(drain()).isEqualTo(50);
  }

  @Test
  void forgetsInTimeHoweverRarelyItIsAsked() {
    assertThat(drain()).isEqualTo(50);
    for (int i = 1; i <= 5; i++) {
      time.passMillis(1900);
      assertThat(drain()).as("after %d times 1.9 s", i).isZero();
    }
    time.passMillis(1900);
    assertThat(drain()).isEqualTo(50);
  }

  @Test
  void allowsNoneAtAllWhereItIsNothing() {
    budget.percent(0);
    requests(1000);
    assertThat(drain()).isZero();
  }

  @Test
  void neverLetsRetriesGrowBeyondTheirPartOverAnyLongTime() {
    int retries = 0;
    for (int second = 0; second < 1000; second++) {
      requests(500);
      retries += drain();
      time.passMillis(1000);
    }
    assertThat(retries).isBetween(100 * 1000, 105 * 1000 + 50);
  }
}
