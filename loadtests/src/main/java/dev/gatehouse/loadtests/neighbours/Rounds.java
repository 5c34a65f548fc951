package dev.gatehouse.loadtests.neighbours;

import dev.gatehouse.loadtests.load.Median;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The samples of all situations, round by round. A ratio is taken within each round, whose
 * situations met the same machine, and the median of the ratios after that.
 */
final class Rounds {
  private final Map<Situation, List<Sample>> bySituation = new LinkedHashMap<>();

  void add(Situation situation, Sample sample) {
    bySituation.computeIfAbsent(situation, _ -> new ArrayList<>()).add(sample);
  }

  List<Situation> situations() {
    return List.copyOf(bySituation.keySet());
  }

  double median(Situation situation, ToDoubleFunction<Sample> figure) {
    return Median.of(of(situation).stream().mapToDouble(figure).toArray());
  }

  /** The median of what the p99 was in each round, divided by what it was alone. */
  double medianRatioToAlone(Situation situation) {
    List<Sample> own = of(situation);
    List<Sample> alone = of(Situation.ALONE);
    double[] ratios = new double[own.size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = own.get(round).p99Millis() / alone.get(round).p99Millis();
    }
    return Median.of(ratios);
  }

  LimitCourse.Range limits(Situation situation) {
    List<Sample> own = of(situation);
    return new LimitCourse.Range(
        own.stream().mapToInt(sample -> sample.limit().least()).min().orElse(0),
        (int) median(situation, sample -> sample.limit().median()),
        own.stream().mapToInt(sample -> sample.limit().most()).max().orElse(0));
  }

  private List<Sample> of(Situation situation) {
    return bySituation.getOrDefault(situation, List.of());
  }
}
