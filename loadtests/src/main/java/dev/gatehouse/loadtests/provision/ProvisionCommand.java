package dev.gatehouse.loadtests.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.loadtests.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/provision}. */
@Command(
    name = "provision",
    mixinStandardHelpOptions = true,
    description = "Measures, on a running demo, how soon a new tenant's first request is served.")
public final class ProvisionCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--demo",
      paramLabel = "FILE",
      description = "The demo's demo.json (default: ${DEFAULT-VALUE}).")
  private Path demo = Path.of(".gatehouse", "demo.json");

  @Option(names = "--tenants", paramLabel = "N", description = "How many to make.")
  private int tenants = 200;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the results as JSON, too.")
  private @Nullable Path json;

  /**
   * What was measured.
   *
   * @param p50Millis from the begin of the first call to the first answer of the application
   */
  record Results(int tenants, double p50Millis, double p99Millis, double maxMillis) {
    static Results of(Histogram nanos) {
      return new Results(
          Math.toIntExact(nanos.getTotalCount()),
          nanos.getValueAtPercentile(50) / 1e6,
          nanos.getValueAtPercentile(99) / 1e6,
          nanos.getMaxValue() / 1e6);
    }
  }

  /** Runs the program; it exits with 0, or with 1 where a tenant was not served. */
  public static void main(String[] args) {
    // Tenants are told apart by a header that the JDK's client sets by itself, unless asked not to.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    Program.runAndExit(new ProvisionCommand(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode found = JSON.readTree(demo.toFile());
    Histogram nanos = new Histogram(Duration.ofMinutes(1).toNanos(), 3);
    try (Provisioning provisioning =
        new Provisioning(
            found.get("controlPlaneUrl").asText(),
            found.get("adminToken").asText(),
            found.get("gatewayUrl").asText())) {
      for (int i = 0; i < tenants; i++) {
        nanos.recordValue(provisioning.timeToFirstAnswer().toNanos());
      }
    }
    Results results = Results.of(nanos);
    System.out.printf(
        Locale.ROOT,
        "create tenant and key, first request served, %d tenants: p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
        results.tenants(),
        results.p50Millis(),
        results.p99Millis(),
        results.maxMillis());
    if (json != null) {
      JSON.writerWithDefaultPrettyPrinter().writeValue(json.toFile(), results);
    }
    return 0;
  }
}
