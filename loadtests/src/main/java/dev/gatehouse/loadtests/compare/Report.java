package dev.gatehouse.loadtests.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.gatehouse.loadtests.contender.BareVertxHttpProxy;
import dev.gatehouse.loadtests.contender.GatehouseGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The outcome of a comparison, as a table and as JSON.
 *
 * @param results the medians of each contender
 * @param tenants whose hosts were asked for in rotation
 * @param connections of the load generator
 * @param rounds of which the medians are
 * @param pinned whether proxy and load had a core each
 */
record Report(List<Result> results, int tenants, int connections, int rounds, boolean pinned)
    implements SideBySideCommand.Findings {

  /**
   * The medians of one contender over all rounds, and of its ratios to two others within each.
   *
   * @param rssMiB resident memory
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Result(
      String name,
      double requestsPerSecond,
      double p50Millis,
      double p99Millis,
      double cpuMicrosPerRequest,
      double rssMiB,
      Optional<Measurement> ratioToGatehouse,
      Optional<Measurement> ratioToVertxHttpProxy) {}

  static Report of(Rounds rounds, Plan plan, boolean pinned) {
    List<Result> results =
        rounds.contenders().stream().map(contender -> resultOf(rounds, contender)).toList();
    return new Report(results, plan.tenants(), plan.connections(), plan.rounds(), pinned);
  }

  private static Result resultOf(Rounds rounds, String contender) {
    Measurement median = rounds.median(contender);
    return new Result(
        contender,
        median.requestsPerSecond(),
        median.p50Millis(),
        median.p99Millis(),
        median.cpuMicrosPerRequest(),
        median.rssMiB(),
        rounds.medianRatio(contender, GatehouseGateway.NAME),
        rounds.medianRatio(contender, BareVertxHttpProxy.NAME));
  }

  @Override
  public void writeJson(Path file) throws IOException {
    JsonMapper.builder()
        .addModule(new Jdk8Module())
        .build()
        .writerWithDefaultPrettyPrinter()
        .writeValue(file.toFile(), this);
  }

  /** One line a contender; {@code cpu/x} is its CPU per request divided by that of x. */
  @Override
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        "%-18s %9s %9s %9s %12s %9s %14s %14s%n"
            .formatted(
                "",
                "req/s",
                "p50 ms",
                "p99 ms",
                "cpu us/req",
                "RSS MiB",
                "cpu/gatehouse",
                "cpu/vertx"));
    for (Result result : results) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-18s %9.0f %9.2f %9.2f %12.1f %9.0f %14s %14s%n",
              result.name(),
              result.requestsPerSecond(),
              result.p50Millis(),
              result.p99Millis(),
              result.cpuMicrosPerRequest(),
              result.rssMiB(),
              cpu(result.ratioToGatehouse()),
              cpu(result.ratioToVertxHttpProxy())));
    }
    return table.toString();
  }

  private static String cpu(Optional<Measurement> ratio) {
    return ratio
        .map(it -> String.format(Locale.ROOT, "%.2f", it.cpuMicrosPerRequest()))
        .orElse("-");
  }
}
