package dev.gatehouse.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProgressDisplayTest {
  private final StringWriter written = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  private ProgressDisplay display(boolean terminal) {
    return new ProgressDisplay(new PrintWriter(written, true), terminal, nanos::get);
  }

  private void wait(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void drawsABarOverItselfOnATerminal() {
    ProgressDisplay display = display(true);
    display.show(new Progress(0, 200, "0 of 200 lines"));
    wait(Duration.ofMillis(150));
    display.show(new Progress(100, 200, "100 of 200 lines"));
    display.show(new Progress(200, 200, "200 of 200 lines"));
    display.end();
    assertThat(written.toString())
        .isEqualTo(
            "\r\u001b[K["
                + ".".repeat(30)
                + "]   0 %  0 of 200 lines"
                + "\r\u001b[K["
                + "#".repeat(15)
                + ".".repeat(15)
                + "]  50 %  100 of 200 lines"
                + "\r\u001b[K["
                + "#".repeat(30)
                + "] 100 %  200 of 200 lines"
                + System.lineSeparator());
  }

  @Test
  void writesALineNowAndThenElsewhere() {
    ProgressDisplay display = display(false);
    for (int i = 0; i <= 120; i++) {
      display.show(new Progress(i, 120, i + " of 120 lines"));
      wait(Duration.ofMillis(100));
    }
    display.end();
    assertThat(written.toString().lines())
        .containsExactly(
            "0 of 120 lines", "50 of 120 lines", "100 of 120 lines", "120 of 120 lines");
  }

  @Test
  void letsNoTextMoveTheCursor() {
    ProgressDisplay display = display(true);
    display.show(new Progress(0, 0, "a\u001b[2Jb\nc"));
    assertThat(written.toString().substring("\r\u001b[K".length())).isEqualTo("a�[2Jb�c");
  }

  @Test
  void readsWhatTheControlPlaneSays() throws Exception {
    ObjectMapper json = new ObjectMapper();
    assertThat(
            Progress.of(
                json.readTree(
                    "{\"lines\": 8, \"processed\": 6, \"refused\": 2, \"state\": \"running\"}")))
        .isEqualTo(new Progress(6, 8, "6 of 8 lines, 2 refused"))
        .extracting(Progress::percent)
        .isEqualTo(75);
    String steps =
        """
        {"state": "running", "done": 1, "total": 2, "steps": [
          {"name": "activate", "state": "done"},
          {"name": "confirm-edge", "state": "running", "error": "edge-2 does not know it yet"}]}
        """;
    assertThat(Progress.of(json.readTree(steps)).words())
        .isEqualTo("1 of 2 steps, confirm-edge: edge-2 does not know it yet");
    String rollout =
        """
        {"state": "paused", "currentWave": 2, "done": 310, "failed": 3, "total": 1001,
         "reason": "3 of 100 places of wave 2 have failed"}
        """;
    assertThat(Progress.of(json.readTree(rollout)).words())
        .isEqualTo("310 of 1001 places, 3 failed");
    assertThat(Progress.hasEnded(json.readTree(rollout))).isTrue();
    ProgressOperations operations =
        new ProgressOperations("/v1/rollouts/{rollout}", Map.of("/resume", "rollout resume"));
    assertThat(Advice.incomplete(operations, "r1", json.readTree(rollout)))
        .hasValue(
            "It is paused: 3 of 100 places of wave 2 have failed. gatehouse rollout resume r1 goes on,");
    assertThat(Progress.ofBytes("sent", 3 << 19, 0).words()).isEqualTo("sent 1.5 MiB");
    assertThat(new Progress(3, 0, "x").percent()).isZero();
  }
}
