package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which requests count in a mean. */
@Timeout(10)
class RequestWindowTest {
  private final RequestWindow window = new RequestWindow(1, 3);

  private void begin(int requests) {
    for (int i = 0; i < requests; i++) {
      assertThat(window.begin(i + 1, 0)).isTrue();
    }
  }

  @Test
  void waitsForTheRequestThatTakesLong() {
    begin(3);
    window.end(Outcome.SUCCESS, 10);
    window.end(Outcome.SUCCESS, 20);
    assertThat(window.isComplete(20)).isFalse();
    window.end(Outcome.SUCCESS, 90);
    assertThat(window.isComplete(90)).isTrue();
    assertThat(window.meanNanos()).isEqualTo(40);
  }

  @Test
  void waitsForNobodyWhoseAnswerIsHeldBack() {
    begin(3);
    window.end(Outcome.SUCCESS, 10);
    window.end(Outcome.SUCCESS, 10);
    assertThat(window.isComplete(100)).isFalse();
    assertThat(window.isComplete(101)).isTrue();
    assertThat(window.meanNanos()).isEqualTo(10);
  }

  @Test
  void isNotCompleteBeforeAllHaveBegun() {
    begin(2);
    window.end(Outcome.SUCCESS, 10);
    window.end(Outcome.SUCCESS, 10);
    assertThat(window.isComplete(1_000_000)).isFalse();
  }

  @Test
  void takesNoMoreThanItsSize() {
    begin(3);
    assertThat(window.begin(4, 0)).isFalse();
    assertThat(window.mostInFlight()).isEqualTo(4);
  }

  @Test
  void leavesOutWhatFailedOrWasGivenUp() {
    begin(3);
    window.end(Outcome.SUCCESS, 10);
    window.end(Outcome.SUCCESS, 30);
    window.end(Outcome.IGNORED, 5000);
    assertThat(window.isComplete(1)).isTrue();
    assertThat(window.hasMean()).isTrue();
    assertThat(window.meanNanos()).isEqualTo(20);
  }

  @Test
  void hasNoMeanWhereFewSucceeded() {
    begin(3);
    window.end(Outcome.SUCCESS, 10);
    window.end(Outcome.IGNORED, 5000);
    window.end(Outcome.DROPPED, 5000);
    assertThat(window.isComplete(1)).isTrue();
    assertThat(window.hasMean()).isFalse();
  }

  @Test
  void isOverloadedWhereMoreThanATenthIsDropped() {
    RequestWindow ten = new RequestWindow(1, 10);
    ten.drop();
    assertThat(ten.isOverloaded()).isFalse();
    ten.drop();
    assertThat(ten.isOverloaded()).isTrue();
  }

  @Test
  void isClosedOnce() {
    assertThat(window.close()).isTrue();
    assertThat(window.close()).isFalse();
  }
}
