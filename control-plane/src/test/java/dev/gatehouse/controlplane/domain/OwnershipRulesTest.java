package dev.gatehouse.controlplane.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.domain.Evidence.Finding;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OwnershipRulesTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final Finding RIGHT = new Finding.Right();
  private static final Finding WRONG = new Finding.Wrong("It is wrong.");
  private static final Finding UNKNOWN = new Finding.Unknown("Nobody knows.");
  private static final Finding SKIPPED = new Finding.Skipped();

  private final OwnershipRules rules = new OwnershipRules(Duration.ofDays(1), Duration.ofDays(3));
  private Instant now = START;
  private Ownership ownership = Ownership.claimed(START, START);

  @Test
  void isVerifiedByEitherProof() {
    assertThat(after(ownership, RIGHT, WRONG, WRONG).provedBy()).contains(Proof.DNS);
    assertThat(after(ownership, WRONG, RIGHT, WRONG).provedBy()).contains(Proof.HTTP);
    assertThat(after(ownership, RIGHT, SKIPPED, WRONG).isVerified()).isTrue();
  }

  @Test
  void isPendingOnTheScheduleAndThenFails() {
    int looks = 0;
    while (ownership.state() == OwnershipState.PENDING) {
      now = ownership.nextCheckAt().orElseThrow();
      see(WRONG, UNKNOWN, UNKNOWN);
      looks++;
    }
    assertThat(ownership.state()).isEqualTo(OwnershipState.FAILED);
    assertThat(ownership.nextCheckAt()).isEmpty();
    assertThat(ownership.reason()).contains("It is wrong. Nobody knows.");
    assertThat(Duration.between(START, now)).isBetween(Duration.ofDays(6), Duration.ofDays(8));
    assertThat(looks).isBetween(70, 76);
  }

  @Test
  void staysPendingWhereTheHostIsTaken() {
    Ownership taken = rules.after(ownership, new Evidence(RIGHT, SKIPPED, WRONG), true, now, 0.5);
    assertThat(taken.state()).isEqualTo(OwnershipState.PENDING);
    assertThat(taken.reason().orElseThrow()).contains("another account");
  }

  @Test
  void isLookedAtAboutOnceADay() {
    see(RIGHT, SKIPPED, RIGHT);
    assertThat(ownership.nextCheckAt()).contains(START.plus(Duration.ofHours(24)));
    Ownership early = rules.after(ownership, new Evidence(RIGHT, SKIPPED, RIGHT), false, START, 0);
    assertThat(Duration.between(START, early.nextCheckAt().orElseThrow()))
        .isEqualTo(Duration.ofMinutes(24 * 60 * 8 / 10));
  }

  @Test
  void isServedForAGraceTimeAndThenLost() {
    see(RIGHT, SKIPPED, RIGHT);
    now = START.plus(Duration.ofDays(1));
    see(WRONG, SKIPPED, RIGHT);
    assertThat(ownership.isVerified()).isTrue();
    assertThat(ownership.failingSince()).contains(now);
    assertThat(ownership.reason().orElseThrow())
        .startsWith("It is wrong. It is served until 2026-11-05T00:00:00Z");

    now = now.plus(Duration.ofDays(3)).minusSeconds(1);
    see(WRONG, SKIPPED, RIGHT);
    assertThat(ownership.isVerified()).isTrue();
    assertThat(ownership.nextCheckAt()).contains(now.plusSeconds(1));

    now = now.plusSeconds(1);
    see(WRONG, SKIPPED, RIGHT);
    assertThat(ownership.state()).isEqualTo(OwnershipState.LOST);
    assertThat(ownership.nextCheckAt()).isEmpty();
  }

  @Test
  void forgetsWhatWasMissingWhenItIsThereAgain() {
    see(RIGHT, SKIPPED, RIGHT);
    see(WRONG, SKIPPED, RIGHT);
    see(RIGHT, SKIPPED, RIGHT);
    assertThat(ownership.failingSince()).isEmpty();
    assertThat(ownership.reason()).isEmpty();
  }

  @Test
  void isLostWhereAHostThatLedHereDoesSoNoMore() {
    see(RIGHT, SKIPPED, RIGHT);
    see(RIGHT, SKIPPED, WRONG);
    assertThat(ownership.failingSince()).contains(now);
    now = now.plus(Duration.ofDays(3));
    see(RIGHT, SKIPPED, WRONG);
    assertThat(ownership.state()).isEqualTo(OwnershipState.LOST);
  }

  @Test
  void staysVerifiedAheadOfItsMove() {
    see(RIGHT, SKIPPED, WRONG);
    now = now.plus(Duration.ofDays(30));
    see(RIGHT, SKIPPED, WRONG);
    assertThat(ownership.isVerified()).isTrue();
    assertThat(ownership.failingSince()).isEmpty();
  }

  @Test
  void losesNothingWhileNobodyCanTell() {
    see(RIGHT, SKIPPED, RIGHT);
    for (int day = 0; day < 30; day++) {
      now = now.plus(Duration.ofDays(1));
      see(UNKNOWN, SKIPPED, UNKNOWN);
    }
    assertThat(ownership.isVerified()).isTrue();
    assertThat(ownership.failingSince()).isEmpty();
    assertThat(ownership.reason().orElseThrow()).contains("could not be checked");
    assertThat(ownership.nextCheckAt()).contains(now.plus(Duration.ofHours(1)));
  }

  @Test
  void theAnswerOfTheHostIsNoSubstituteForARecordThatWasTakenAway() {
    see(RIGHT, SKIPPED, RIGHT);
    see(WRONG, RIGHT, RIGHT);
    assertThat(ownership.failingSince()).isPresent();
  }

  @Test
  void aRecordIsASubstituteForTheAnswerOfTheHost() {
    see(WRONG, RIGHT, RIGHT);
    see(RIGHT, WRONG, RIGHT);
    assertThat(ownership.failingSince()).isEmpty();
    assertThat(ownership.provedBy()).contains(Proof.HTTP);
  }

  private void see(Finding dns, Finding http, Finding pointing) {
    ownership = after(ownership, dns, http, pointing);
  }

  private Ownership after(Ownership before, Finding dns, Finding http, Finding pointing) {
    return rules.after(before, new Evidence(dns, http, pointing), false, now, 0.5);
  }
}
