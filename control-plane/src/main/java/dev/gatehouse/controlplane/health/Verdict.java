package dev.gatehouse.controlplane.health;

import dev.gatehouse.controlplane.audit.Actor;
import dev.gatehouse.controlplane.audit.AuditRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a round says of a tenant.
 *
 * @param before what was kept until then
 * @param judgement what was found
 * @param kept what is kept from now on
 */
record Verdict(UUID tenant, Instant at, Kept before, Judgement judgement, Kept kept) {
  /** What changes the history at once; the rest is seen in the row of the hour. */
  private static final int MUCH = 10;

  private static final Duration A_DAY = Duration.ofDays(1);

  static Verdict of(
      UUID tenant, Kept before, Judgement judgement, Optional<Usual> usual, Instant now) {
    Standing standing = before.standing().after(judgement.state(), now);
    boolean told = standing.state() != HealthState.UNKNOWN && standing.state() != before.told();
    boolean kept = isWorthKeeping(before, standing, judgement.score(), now);
    return new Verdict(
        tenant,
        now,
        before,
        judgement,
        new Kept(
            standing,
            told ? standing.state() : before.told(),
            kept ? Optional.of(now) : before.keptAt(),
            kept ? judgement.score() : before.keptScore(),
            usual));
  }

  private static boolean isWorthKeeping(
      Kept before, Standing standing, OptionalInt score, Instant now) {
    if (before.keptAt().isEmpty() || standing.state() != before.standing().state()) {
      return true;
    }
    Instant last = before.keptAt().get();
    if (score.isEmpty() && before.keptScore().isEmpty()) {
      return !last.plus(A_DAY).isAfter(now);
    }
    boolean jumped =
        score.isPresent()
            && before.keptScore().isPresent()
            && Math.abs(score.getAsInt() - before.keptScore().getAsInt()) >= MUCH;
    return jumped || last.truncatedTo(ChronoUnit.HOURS).isBefore(now.truncatedTo(ChronoUnit.HOURS));
  }

  /** Whether the history has a row of it. */
  boolean isKept() {
    return !kept.keptAt().equals(before.keptAt());
  }

  /** Why the state is another one, where it is. */
  Optional<String> reasonOfChange() {
    return kept.standing().state() == before.standing().state()
        ? Optional.empty()
        : Optional.of(judgement.reason());
  }

  /**
   * What the audit trail is told. Not that too little is known: nobody has become better or worse
   * by that.
   */
  Optional<AuditRecord> told() {
    if (kept.told() == before.told()) {
      return Optional.empty();
    }
    AuditRecord entry =
        AuditRecord.of(
                tenant, "tenant.health-changed", Actor.SYSTEM, "/v1/tenants/" + tenant + "/health")
            .with("outcome", "observed")
            .with("from", before.told().wireName())
            .with("to", kept.told().wireName())
            .with("reasons", judgement.reasons());
    return Optional.of(
        judgement.score().isPresent() ? entry.with("score", judgement.score().getAsInt()) : entry);
  }
}
