package dev.gatehouse.controlplane.access;

import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Times in bodies at which something ends to be valid. */
public final class Expiry {
  /** Longest time for which the old secret is valid beside the new one. */
  private static final Duration MAX_OVERLAP = Duration.ofDays(7);

  private static final Duration DEFAULT_OVERLAP = Duration.ofHours(1);

  private Expiry() {}

  /**
   * The member {@code expiresAt}, to what PostgreSQL keeps.
   *
   * @throws ProblemException {@code INVALID_BODY} if it is over
   */
  public static Optional<Instant> in(JsonObject body, Instant now) {
    return read(body, "expiresAt", now);
  }

  /**
   * The same, which is not further away than a bound.
   *
   * @param byDefault how far it is away where the body has none
   * @throws ProblemException {@code INVALID_BODY} if it is over or too far away
   */
  public static Instant within(JsonObject body, Duration byDefault, Duration longest, Instant now) {
    return bounded(body, "expiresAt", byDefault, longest, now);
  }

  /** When the old secret ends to be valid after a rotation: {@code previousExpiresAt}. */
  static Instant ofPrevious(JsonObject body, Optional<Instant> ownExpiry, Instant now) {
    Instant wanted = bounded(body, "previousExpiresAt", DEFAULT_OVERLAP, MAX_OVERLAP, now);
    return ownExpiry.filter(own -> own.isBefore(wanted)).orElse(wanted);
  }

  /** When the new secret expires after a rotation: it lives as long as the old one was to. */
  static Optional<Instant> renewed(Instant createdAt, Optional<Instant> expiresAt, Instant now) {
    return expiresAt.map(
        instant -> now.plus(Duration.between(createdAt, instant)).truncatedTo(ChronoUnit.MICROS));
  }

  private static Instant bounded(
      JsonObject body, String name, Duration byDefault, Duration longest, Instant now) {
    Instant instant =
        read(body, name, now).orElse(now.plus(byDefault).truncatedTo(ChronoUnit.MICROS));
    if (instant.isAfter(now.plus(longest))) {
      throw invalid(name, "must be within " + longest.toDays() + " days, found " + instant);
    }
    return instant;
  }

  private static Optional<Instant> read(JsonObject body, String name, Instant now) {
    Optional<Instant> found =
        Optional.ofNullable(body.getString(name))
            .map(Instant::parse)
            .map(instant -> instant.truncatedTo(ChronoUnit.MICROS));
    if (found.isPresent() && found.get().isBefore(now)) {
      throw invalid(name, "must be in the future, found " + found.get());
    }
    return found;
  }

  private static ProblemException invalid(String name, String detail) {
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at("/" + name, detail)));
  }
}
