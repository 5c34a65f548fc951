package dev.gatehouse.loadtests.latency;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.loadtests.compare.SideBySideCommand;
import dev.gatehouse.loadtests.contender.GatehouseGateway;
import dev.gatehouse.loadtests.process.LoadAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The outcome, as a table and as JSON.
 *
 * @param perSecond requests that were offered to each
 * @param pinned whether proxy and load had a core each
 * @param loadAverage of the machine, before the first round and after the last
 */
record Report(
    double perSecond,
    int connections,
    int rounds,
    boolean pinned,
    LoadAverage loadAverage,
    List<Result> results)
    implements SideBySideCommand.Findings {
  /** The most that ours may add at p99. */
  static final double PROMISE_MILLIS = 1;

  /**
   * The medians of one contender over all rounds.
   *
   * @param added to the direct call of the same round
   */
  record Result(String name, Latency latency, Latency added) {}

  static Report of(
      Rounds rounds, Plan plan, double perSecond, boolean pinned, LoadAverage loadAverage) {
    List<Result> results =
        rounds.contenders().stream()
            .map(name ->
                new Result(name, rounds.median(name), rounds.medianAdded(name, Direct.NAME)))
            .toList();
    return new Report(perSecond, plan.connections(), plan.rounds(), pinned, loadAverage, results);
  }

  @Override
  public void writeJson(Path file) throws IOException {
    JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
  }

  /** One line a contender, and whether ours adds as little as promised. */
  @Override
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%.0f requests/s to each, milliseconds from the time at which a request was due%n%n"
                + "%-18s %8s %8s %8s %10s %10s %10s%n",
            perSecond,
            "",
            "p50",
            "p99",
            "p99.9",
            "p50 adds",
            "p99 adds",
            "p99.9 adds"));
    for (Result result : results) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-18s %8.2f %8.2f %8.2f %10.2f %10.2f %10.2f%n",
              result.name(),
              result.latency().p50(),
              result.latency().p99(),
              result.latency().p999(),
              result.added().p50(),
              result.added().p99(),
              result.added().p999()));
    }
    return table.append(verdict()).toString();
  }

  private String verdict() {
    String met =
        results.stream()
            .filter(result -> result.name().equals(GatehouseGateway.NAME))
            .findFirst()
            .map(ours -> ours.added().p99() <= PROMISE_MILLIS ? "yes" : "NO")
            .orElse("not measured");
    return String.format(
        Locale.ROOT,
        "%nGatehouse adds at most %.0f ms at p99: %s. Load average of the machine %s.%n",
        PROMISE_MILLIS,
        met,
        loadAverage);
  }
}
