package dev.gatehouse.controlplane.domain;

import dev.gatehouse.controlplane.domain.Evidence.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What becomes of the ownership of a domain after a look at it. Decides by what it is given alone.
 *
 * @param recheckEvery how long after one proof the next is asked for
 * @param grace how long a verified domain is served on whose proof is missing
 */
record OwnershipRules(Duration recheckEvery, Duration grace) {
  /** Where something is wrong, it is looked at more often. */
  private static final Duration SOON = Duration.ofHours(1);

  private static final Duration LONGEST_PENDING = Duration.ofDays(7);

  /**
   * What holds after a look.
   *
   * @param taken whether the host is another tenant's, which still proves it
   * @param jitter from 0 to 1, so that domains that were registered together are not always asked
   *     about together
   */
  Ownership after(Ownership before, Evidence seen, boolean taken, Instant now, double jitter) {
    return switch (before.state()) {
      case PENDING -> ofPending(before, seen, taken, now, jitter);
      case VERIFIED -> ofVerified(before, seen, now, jitter);
      case FAILED, LOST -> before;
    };
  }

  private Ownership ofPending(
      Ownership before, Evidence seen, boolean taken, Instant now, double jitter) {
    if (seen.proof().isPresent() && !taken) {
      return new Ownership(
          OwnershipState.VERIFIED,
          Optional.empty(),
          seen.proof(),
          0,
          now,
          Optional.of(now),
          Optional.of(next(now, jitter)),
          Optional.empty(),
          seen.pointing() instanceof Finding.Right);
    }
    String reason =
        seen.proof().isPresent()
            ? "Control is proved, but the host is registered for another account that proves it,"
                + " too. It becomes yours when that proof is taken away."
            : seen.reason();
    int attempts = before.attempts() + 1;
    boolean over =
        attempts > CheckSchedule.RETRIES || !now.isBefore(before.since().plus(LONGEST_PENDING));
    Instant again = now.plus(CheckSchedule.pauseBefore(before.attempts()));
    return new Ownership(
        over ? OwnershipState.FAILED : OwnershipState.PENDING,
        Optional.of(reason),
        Optional.empty(),
        attempts,
        over ? now : before.since(),
        Optional.of(now),
        over ? Optional.empty() : Optional.of(again),
        Optional.empty(),
        false);
  }

  private Ownership ofVerified(Ownership before, Evidence seen, Instant now, double jitter) {
    Proof proof = before.provedBy().orElseThrow();
    boolean dangles = before.pointed() && seen.pointing() instanceof Finding.Wrong;
    if (seen.shows(proof) && !dangles) {
      return verified(
          before,
          Optional.empty(),
          before.provedBy(),
          now,
          next(now, jitter),
          Optional.empty(),
          before.pointed() || seen.pointing() instanceof Finding.Right);
    }
    if (seen.leavesOpen(proof) && !dangles) {
      return verified(
          before,
          Optional.of("It could not be checked. " + seen.reason(proof)),
          before.provedBy(),
          now,
          now.plus(shorter(SOON, recheckEvery)),
          before.failingSince(),
          before.pointed());
    }
    String missing =
        seen.shows(proof) && seen.pointing() instanceof Finding.Wrong(String reason)
            ? reason
            : seen.reason(proof);
    return ofFailing(before, missing, now);
  }

  private Ownership ofFailing(Ownership before, String missing, Instant now) {
    Instant since = before.failingSince().orElse(now);
    Instant end = since.plus(grace);
    if (!now.isBefore(end)) {
      return new Ownership(
          OwnershipState.LOST,
          Optional.of(missing + " It is not served any more."),
          before.provedBy(),
          0,
          now,
          Optional.of(now),
          Optional.empty(),
          Optional.empty(),
          before.pointed());
    }
    Instant soon = now.plus(shorter(SOON, recheckEvery));
    return verified(
        before,
        Optional.of(missing + " It is served until " + end + " if that does not change."),
        before.provedBy(),
        now,
        soon.isBefore(end) ? soon : end,
        Optional.of(since),
        before.pointed());
  }

  /** Of a host that another tenant proves, while its own tenant does not: no grace then. */
  Ownership displaced(Ownership before, Evidence seen, Instant now) {
    String missing = seen.reason(before.provedBy().orElse(Proof.HTTP));
    return new Ownership(
        OwnershipState.LOST,
        Optional.of(missing + " Somebody else has proved the control of the host."),
        before.provedBy(),
        0,
        now,
        Optional.of(now),
        Optional.empty(),
        Optional.empty(),
        before.pointed());
  }

  private static Ownership verified(
      Ownership before,
      Optional<String> reason,
      Optional<Proof> proof,
      Instant now,
      Instant next,
      Optional<Instant> failingSince,
      boolean pointed) {
    return new Ownership(
        OwnershipState.VERIFIED,
        reason,
        proof,
        0,
        before.since(),
        Optional.of(now),
        Optional.of(next),
        failingSince,
        pointed);
  }

  /** From four to six fifths of the time. */
  private Instant next(Instant now, double jitter) {
    return now.plusMillis((long) (recheckEvery.toMillis() * (0.8 + 0.4 * jitter)));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
