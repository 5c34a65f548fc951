package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.Balancing;
import dev.gatehouse.contract.edge.Balancing.Policy;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.upstream.HashTable.Draws;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who of all targets takes part.
 *
 * <ol>
 *   <li>Those that are healthy and not ejected. Where more than half are unhealthy by their checks,
 *       or nobody is left, it is more likely that the checks are wrong than that so many are: all
 *       take part (panic).
 *   <li>Of those, the ones of the gateway's own zone, as long as at least 70 % of the zone's weight
 *       is fit; else those of all zones (spill-over).
 * </ol>
 */
final class Selection {
  private static final int ENOUGH_PERCENT = 70;

  private Selection() {}

  /** Nobody, as long as there is no address. */
  static TargetSet nothing(EdgeService service) {
    return of(service, Optional.empty(), List.of(), _ -> new Draws("", 1));
  }

  /**
   * Chooses.
   *
   * @param zone the gateway's own
   * @param draws of a target, for consistent hashing
   */
  static TargetSet of(
      EdgeService service,
      Optional<String> zone,
      List<Target> targets,
      Function<Target, Draws> draws) {
    List<Target> fit = targets.stream().filter(target -> target.fitness.fit()).toList();
    boolean panic = !targets.isEmpty() && (mostAreUnhealthy(targets) || fit.isEmpty());
    if (panic) {
      fit = targets;
    }
    List<Target> local = zone.map(own -> inZone(fitOf(targets), own)).orElse(List.of());
    boolean enough =
        !panic
            && !local.isEmpty()
            && weight(local) * 100 >= weight(inZone(targets, zone.orElse(""))) * ENOUGH_PERCENT;
    List<Target> usable = enough ? local : fit;
    Balancing balancing = service.balancing().orElse(Balancing.DEFAULT);
    long slowStart = balancing.slowStart().orElse(Duration.ZERO).toNanos();
    return new TargetSet(
        balancing.policy(),
        usable,
        fit,
        panic,
        enough,
        slowStart,
        warmAt(usable, slowStart),
        balancing.policy() == Policy.CONSISTENT_HASH && !usable.isEmpty()
            ? Optional.of(table(usable, draws))
            : Optional.empty());
  }

  private static boolean mostAreUnhealthy(List<Target> targets) {
    long unhealthy = targets.stream().filter(target -> !target.fitness.healthy()).count();
    return unhealthy * 2 > targets.size();
  }

  private static List<Target> fitOf(List<Target> targets) {
    return targets.stream().filter(target -> target.fitness.fit()).toList();
  }

  private static List<Target> inZone(List<Target> targets, String zone) {
    return targets.stream()
        .filter(target -> target.endpoint().zone().filter(zone::equals).isPresent())
        .toList();
  }

  private static long weight(List<Target> targets) {
    return targets.stream().mapToLong(Target::weight).sum();
  }

  private static long warmAt(List<Target> targets, long slowStart) {
    long latest = Fitness.WARM;
    for (Target target : targets) {
      long from = target.fitness.warmFrom();
      if (slowStart > 0 && from != Fitness.WARM) {
        long warm = from + slowStart;
        latest = latest == Fitness.WARM || warm - latest > 0 ? warm : latest;
      }
    }
    return latest;
  }

  private static HashTable table(List<Target> targets, Function<Target, Draws> draws) {
    return HashTable.of(targets, targets.stream().map(draws).toList());
  }
}
