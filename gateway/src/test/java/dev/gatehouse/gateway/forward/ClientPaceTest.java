package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who counts as slow. */
@Timeout(60)
class ClientPaceTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private final ClientPace pace = new ClientPace();
  private long now = Long.MAX_VALUE - 100 * MILLI;

  ClientPaceTest() {
    pace.begin(now);
  }

  private boolean isSlowAfter(int millis) {
    now += millis * MILLI;
    return pace.isSlow(now);
  }

  @Test
  void silenceIsSlowAfterTheGrace() {
    assertThat(isSlowAfter(500)).isFalse();
    assertThat(isSlowAfter(1)).isTrue();
  }

  @Test
  void aSteadyClientIsNeverSlow() {
    for (int i = 0; i < 1000; i++) {
      assertThat(isSlowAfter(100)).as("step %d", i).isFalse();
      pace.came(410, now);
    }
  }

  @Test
  void aByteNowAndThenDoesNotHelp() {
    for (int i = 0; i < 6; i++) {
      isSlowAfter(100);
      pace.came(1, now);
    }
    assertThat(isSlowAfter(0)).isTrue();
  }

  @Test
  void isBehindSoonerThanSlow() {
    now += 20 * MILLI;
    assertThat(pace.isBehind(now)).isFalse();
    pace.came(1, now);
    now += MILLI;
    assertThat(pace.isBehind(now)).isTrue();
    pace.came(1000, now);
    assertThat(pace.isBehind(now)).isFalse();
  }

  @Test
  void aLargeBeginningDoesNotPayForSilence() {
    pace.came(100_000_000, now);
    assertThat(isSlowAfter(501)).isTrue();
  }

  @Test
  void whoWasSlowIsNoMoreWhenItHasCaughtUp() {
    assertThat(isSlowAfter(1500)).isTrue();
    pace.came(4096, now);
    assertThat(isSlowAfter(1)).isTrue();
    pace.came(2048, now);
    assertThat(isSlowAfter(0)).isFalse();
  }
}
