package dev.gatehouse.loadtests.compare;

import dev.gatehouse.loadtests.load.Median;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The measurements of all contenders, round by round. Rounds are what makes figures of a noisy
 * machine comparable: two contenders of one round met the same neighbours, so a ratio is taken
 * within each round first, and the median of the ratios after that.
 */
public final class Rounds {
  private final Map<String, List<Measurement>> byContender = new LinkedHashMap<>();

  void add(String contender, Measurement measurement) {
    byContender.computeIfAbsent(contender, _ -> new ArrayList<>()).add(measurement);
  }

  /** Their names, in the order in which they were measured first. */
  public List<String> contenders() {
    return List.copyOf(byContender.keySet());
  }

  /** The median of each figure of a contender over its rounds. */
  public Measurement median(String contender) {
    List<Measurement> own = of(contender);
    return Measurement.combine(figure -> Median.of(own.stream().mapToDouble(figure).toArray()));
  }

  /**
   * The median of each figure's ratio to another contender in the same round; empty if the other
   * did not take part.
   */
  public Optional<Measurement> medianRatio(String contender, String to) {
    if (!byContender.containsKey(to)) {
      return Optional.empty();
    }
    List<Measurement> own = of(contender);
    List<Measurement> others = of(to);
    return Optional.of(
        Measurement.combine(figure -> {
          double[] ratios = new double[own.size()];
          for (int round = 0; round < ratios.length; round++) {
            ratios[round] =
                figure.applyAsDouble(own.get(round)) / figure.applyAsDouble(others.get(round));
          }
          return Median.of(ratios);
        }));
  }

  private List<Measurement> of(String contender) {
    return byContender.getOrDefault(contender, List.of());
  }
}
