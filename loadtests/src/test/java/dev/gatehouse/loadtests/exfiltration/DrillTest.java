package dev.gatehouse.loadtests.exfiltration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.loadtests.exfiltration.Outcome.Detection;
import dev.gatehouse.loadtests.exfiltration.Plan.Judgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DrillTest {
  /** Windows long enough for a busy machine to keep them apart. */
  private static final Plan SHORT = new Plan(5, 2, 8, 7, 1, 2, Judgement.ofAnHour(250));

  @Test
  void findsWhoFetchesTenTimesAsMuch() throws Exception {
    Outcome outcome;
    try (Drill drill = Drill.start(SHORT, 1)) {
      outcome = drill.run();
    }

    Detection sudden = detectionOf(Attack.SUDDEN, outcome);
    Detection cutOff = detectionOf(Attack.SUDDEN_CUT_OFF, outcome);
    assertThat(sudden.span()).isPresent();
    assertThat(sudden.windows()).isBetween(0.0, 10.0);
    assertThat(sudden.daysWorth()).isLessThan(sudden.daysWorthInAll());
    assertThat(cutOff.span()).isPresent();
    assertThat(cutOff.daysWorthInAll()).isLessThan(sudden.daysWorthInAll());
    assertThat(outcome.falseAlarms().days()).isEqualTo(6 * 3 + 4);
    assertThat(Report.of(outcome)).contains("10 times its usual volume");
  }

  private static Detection detectionOf(Attack attack, Outcome outcome) {
    return outcome.detections().stream()
        .filter(detection -> detection.attack() == attack)
        .findFirst()
        .orElseThrow();
  }
}
