package dev.gatehouse.loadtests.neighbours;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.loadtests.process.LoadAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The outcome, as a table and as JSON.
 *
 * @param met whether the quiet tenant's p99 stayed within {@value #PROMISE} times its p99 alone,
 *     and none of its requests was refused, beside a neighbour under the gateway's defaults
 * @param loadAverage of the machine, before the first round and after the last
 */
record Report(
    boolean met,
    List<Result> results,
    Application application,
    int rounds,
    boolean pinned,
    LoadAverage loadAverage) {
  static final double PROMISE = 1.5;

  /**
   * The medians of one situation over all rounds.
   *
   * @param ratioToAlone of the p99, within each round
   * @param noisyPerSecond right answers of the neighbour
   * @param limit the least and most of all rounds, and the median of the medians
   */
  record Result(
      String name,
      double p50Millis,
      double p99Millis,
      double ratioToAlone,
      double refusedPart,
      double noisyPerSecond,
      LimitCourse.Range limit) {}

  /** Who took part, in requests a second. */
  record Application(
      int workers, double meanMillis, double capacity, double quietRate, double noisyRate) {
    static Application of(Plan plan) {
      return new Application(
          plan.workers(), plan.meanMillis(), plan.capacity(), plan.quietRate(), plan.noisyRate());
    }
  }

  static Report of(Rounds rounds, Plan plan, boolean pinned, LoadAverage loadAverage) {
    List<Result> results =
        rounds.situations().stream().map(situation -> resultOf(rounds, situation)).toList();
    boolean met =
        rounds.medianRatioToAlone(Situation.ADAPTIVE) <= PROMISE
            && rounds.median(Situation.ADAPTIVE, Sample::refusedPart) == 0;
    return new Report(met, results, Application.of(plan), plan.rounds(), pinned, loadAverage);
  }

  private static Result resultOf(Rounds rounds, Situation situation) {
    return new Result(
        situation.name(),
        rounds.median(situation, Sample::p50Millis),
        rounds.median(situation, Sample::p99Millis),
        rounds.medianRatioToAlone(situation),
        rounds.median(situation, Sample::refusedPart),
        rounds.median(situation, Sample::noisyPerSecond),
        rounds.limits(situation));
  }

  void writeJson(Path file) throws IOException {
    JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
  }

  /** One line a situation, and whether the promise was kept. */
  String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "An application with %d workers of %s ms on average (%.0f requests/s); a tenant that"
                + " sends %.0f/s,%nand its neighbour, who sends %.0f/s: ten times its share.%n%n"
                + "%-24s %9s %9s %9s %9s %12s %14s%n",
            application.workers(),
            application.meanMillis(),
            application.capacity(),
            application.quietRate(),
            application.noisyRate(),
            "the quiet tenant",
            "p50 ms",
            "p99 ms",
            "p99/alone",
            "refused",
            "neighbour/s",
            "limit"));
    results.forEach(result -> table.append(line(result)));
    table.append(verdict());
    return table.toString();
  }

  private static String line(Result result) {
    return String.format(
        Locale.ROOT,
        "%-24s %9.1f %9.1f %9.2f %8.1f%% %12.0f %4d (%d-%d)%n",
        result.name(),
        result.p50Millis(),
        result.p99Millis(),
        result.ratioToAlone(),
        100 * result.refusedPart(),
        result.noisyPerSecond(),
        result.limit().median(),
        result.limit().least(),
        result.limit().most());
  }

  private String verdict() {
    return String.format(
        Locale.ROOT,
        "%nWithin %.1f times the p99 alone, with nothing refused and nothing tuned: %s."
            + " Load average of the machine %s.%n",
        PROMISE,
        met ? "yes" : "NO",
        loadAverage);
  }
}
