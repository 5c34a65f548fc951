package dev.gatehouse.loadtests.latency;

import dev.gatehouse.loadtests.load.Median;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The latencies of all contenders, round by round. What one adds is its percentile less that of the
 * direct call in the same round, which met the same machine.
 */
final class Rounds {
  private final Map<String, List<Latency>> byContender = new LinkedHashMap<>();

  void add(String contender, Latency latency) {
    byContender.computeIfAbsent(contender, _ -> new ArrayList<>()).add(latency);
  }

  List<String> contenders() {
    return List.copyOf(byContender.keySet());
  }

  Latency median(String contender) {
    return median(of(contender));
  }

  /** The median of what it added in each round. */
  Latency medianAdded(String contender, String direct) {
    List<Latency> own = of(contender);
    List<Latency> without = of(direct);
    List<Latency> added = new ArrayList<>();
    for (int round = 0; round < own.size(); round++) {
      added.add(own.get(round).minus(without.get(round)));
    }
    return median(added);
  }

  private List<Latency> of(String contender) {
    return byContender.getOrDefault(contender, List.of());
  }

  private static Latency median(List<Latency> all) {
    return Latency.combine(percentile -> Median.of(all.stream().mapToDouble(percentile).toArray()));
  }
}
