package dev.gatehouse.controlplane.health;

import static dev.gatehouse.controlplane.health.TestFacts.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How factors make a score, and when a state changes. */
@Timeout(20)
class JudgementTest {
  @ParameterizedTest(name = "{0} and {1} and {2}")
  @CsvSource({
    "100, 100, 100, 100, HEALTHY",
    "80, 100, 100, 80, HEALTHY",
    "79, 100, 100, 79, DEGRADED",
    "90, 90, 90, 88, HEALTHY",
    "85, 40, 100, 39, UNHEALTHY",
    "0, 100, 100, 0, UNHEALTHY",
    "0, 0, 0, 0, UNHEALTHY",
    "100, 50, 50, 45, UNHEALTHY",
  })
  void letsTheWorstFactorSayMost(int errors, int keys, int domains, int score, HealthState state) {
    Judgement judgement =
        Judgement.of(
            List.of(
                finding(Factor.ERROR_RATE, errors),
                finding(Factor.KEYS, keys),
                finding(Factor.DOMAINS, domains)));
    assertThat(judgement.score()).hasValue(score);
    assertThat(judgement.state()).isEqualTo(state);
  }

  private static Finding finding(Factor factor, int points) {
    return Finding.of(factor, points, "", "", factor + " has " + points + ".", "Mend it.");
  }

  @Test
  void knowsNothingOfWhomNothingIsAsked() {
    Judgement judgement = Judgement.of(TestFacts.nothing());
    assertThat(judgement.state()).isEqualTo(HealthState.UNKNOWN);
    assertThat(judgement.score()).isEmpty();
    assertThat(judgement.reasons()).isEmpty();
    assertThat(judgement.findings()).hasSize(Factor.values().length);
  }

  @Test
  void knowsThatSomethingIsWrongAlsoWhereNothingIsAsked() {
    Finding unknown = Finding.unknown(Factor.ERROR_RATE, "", "Too few.");
    Judgement judgement = Judgement.of(List.of(unknown, finding(Factor.CERTIFICATES, 10)));
    assertThat(judgement.state()).isEqualTo(HealthState.UNHEALTHY);
    assertThat(judgement.reason()).isEqualTo("CERTIFICATES has 10.");
    assertThat(Judgement.of(List.of()).score()).isEqualTo(OptionalInt.empty());
  }

  @Test
  void namesTheWorstReasonFirst() {
    Judgement judgement =
        Judgement.of(
            List.of(
                finding(Factor.KEYS, 85),
                finding(Factor.LATENCY, 100),
                finding(Factor.ERROR_RATE, 30)));
    assertThat(judgement.reasons()).containsExactly("ERROR_RATE has 30.", "KEYS has 85.");
  }

  @Test
  void refusesAScaleThatGoesBack() {
    assertThatThrownBy(() -> Scale.from(1, 100).to(1, 50))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Scale.from(1, 50).to(2, 60))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(IntStream.of(0, 1, 2, 3, 9).map(x -> Scale.from(1, 100).to(3, 0).points(x)))
        .containsExactly(100, 100, 50, 0, 0);
  }

  /** The states after each round, a minute apart. */
  private static List<HealthState> rounds(String found) {
    Standing standing = Standing.first(NOW);
    List<HealthState> states = new ArrayList<>();
    Instant now = NOW;
    for (int i = 0; i < found.length(); i++) {
      standing = standing.after(stateOf(found.charAt(i)), now);
      states.add(standing.state());
      now = now.plus(Duration.ofMinutes(1));
    }
    return states;
  }

  private static HealthState stateOf(char letter) {
    return switch (letter) {
      case 'h' -> HealthState.HEALTHY;
      case 'd' -> HealthState.DEGRADED;
      case 'u' -> HealthState.UNHEALTHY;
      default -> HealthState.UNKNOWN;
    };
  }

  private static String letters(List<HealthState> states) {
    StringBuilder letters = new StringBuilder();
    states.forEach(
        state -> letters.append(state == HealthState.UNKNOWN ? '-' : state.wireName().charAt(0)));
    return letters.toString();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "hhhh, hhhh",
    "hdhdhdhd, hhhhhhhh", // does not flap at a bound
    "hddd, hhdd", // a minute
    "hdudu, hhuuu", // worse it stays, one way or another
    "hududu, hhdddd",
    "uuhhhhhhh, -uuuuuuhh", // five minutes
    "uuhhuhhhhhhh, -uuuuuuuuuhh",
    "dd----------, -dddddd-----",
    "--hh, --hh",
    "----uu, -----u",
    "hhhhhh-h-h-h, hhhhhhhhhhhh",
  })
  void changesOnlyWhatHolds(String found, String states) {
    assertThat(letters(rounds(found))).isEqualTo(states);
  }

  @Test
  void doesNotMindAClockThatGoesBack() {
    Standing healthy = new Standing(HealthState.HEALTHY, NOW, Optional.empty());
    Standing leaning = healthy.after(HealthState.UNHEALTHY, NOW);
    Standing back = leaning.after(HealthState.UNHEALTHY, NOW.minus(Duration.ofDays(1)));
    assertThat(back.state()).isEqualTo(HealthState.HEALTHY);
    assertThat(
            back.after(HealthState.UNHEALTHY, NOW.minus(Duration.ofDays(1)).plusSeconds(60))
                .state())
        .isEqualTo(HealthState.UNHEALTHY);
  }
}
