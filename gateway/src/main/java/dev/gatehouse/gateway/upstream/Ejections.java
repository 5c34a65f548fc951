package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.OutlierDetection;
import java.time.Duration;
import java.util.Collection;

/**
 * When live requests that fail take a target out. A target fails after so many failures in a row;
 * one whose name has other addresses, at the first connection that it does not take. Never are more
 * than a share of all targets out, at most half, and thus never the only one.
 */
final class Ejections {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private volatile OutlierDetection settings;

  Ejections(OutlierDetection settings) {
    this.settings = settings;
  }

  void configure(OutlierDetection changed) {
    settings = changed;
  }

  /** Whether a failure may be reason to eject. Cheap; any thread. */
  boolean suspects(Outcome outcome, int inARow) {
    OutlierDetection now = settings;
    return percent(now) > 0
        && (inARow >= threshold(now) || (outcome == Outcome.FAILED_CONNECT && inARow == 1));
  }

  /**
   * Ejects a target, if there is reason to and others remain.
   *
   * @param all targets, this one among them
   * @return whether it did
   */
  boolean eject(Target target, Collection<Target> all, Outcome outcome, int inARow, long now) {
    OutlierDetection limits = settings;
    boolean enough = inARow >= threshold(limits);
    boolean unreachable = outcome == Outcome.FAILED_CONNECT && hasSiblings(target, all);
    long out = all.stream().filter(one -> one.fitness.ejected()).count();
    long mayBeOut = (long) all.size() * percent(limits) / 100;
    if (target.fitness.ejected() || out >= mayBeOut || !(enough || unreachable)) {
      return false;
    }
    target.fitness.eject(
        enough
            ? inARow + " failures in a row"
            : "takes no connection, other addresses of its name are left",
        limits.ejectionTime().orElse(TIME).toNanos(),
        limits.maxEjectionTime().orElse(LONGEST).toNanos(),
        now);
    return true;
  }

  private static boolean hasSiblings(Target target, Collection<Target> all) {
    return all.stream()
        .anyMatch(other ->
            other != target
                && other.fitness.fit()
                && other.endpoint().host().equals(target.endpoint().host())
                && other.endpoint().port() == target.endpoint().port());
  }

  private static int threshold(OutlierDetection settings) {
    return settings.consecutiveFailures().orElse(5);
  }

  private static int percent(OutlierDetection settings) {
    return settings.maxEjectedPercent().orElse(50);
  }
}
