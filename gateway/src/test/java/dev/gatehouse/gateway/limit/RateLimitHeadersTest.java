package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RateLimitHeadersTest {
  private static RateLimitState state(long remaining, Duration retryAfter) {
    return new RateLimitState(100, remaining, Duration.ofMillis(1500), retryAfter);
  }

  @Test
  void namesTheQuotaAndItsWindowInWholeSeconds() {
    assertThat(RateLimitHeaders.policy(state(0, Duration.ZERO))).isEqualTo("\"tenant\";q=100;w=2");
  }

  @Test
  void namesWhatRemainsAndWhenThereIsMore() {
    assertThat(RateLimitHeaders.limit(state(0, Duration.ofMillis(2001))))
        .isEqualTo("\"tenant\";r=0;t=3");
  }

  @Test
  void leavesTheTimeOutWhileRequestsAreAdmitted() {
    assertThat(RateLimitHeaders.limit(state(7, Duration.ZERO))).isEqualTo("\"tenant\";r=7");
  }

  @Test
  void neverAsksToRetryInLessThanASecond() {
    assertThat(RateLimitHeaders.retryAfter(state(0, Duration.ofMillis(3)))).isEqualTo("1");
    assertThat(RateLimitHeaders.retryAfter(state(0, Duration.ofSeconds(2)))).isEqualTo("2");
  }
}
