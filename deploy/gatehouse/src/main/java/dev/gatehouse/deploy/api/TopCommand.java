package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.deploy.api.ApiClient.Answer;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse top}: who does the most at this moment, as gateways report it. */
@Command(
    name = "top",
    description = "Shows the tenants that do the most, again and again until Ctrl-C.",
    mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
  private static final String CLEAR = "\u001b[H\u001b[2J\u001b[3J";
  private static final int MOST_MINUTES = 180;
  private static final int MOST_ROWS = 1000;

  /** What a table can be sorted by. */
  enum Order {
    REQUESTS,
    ERRORS,
    LIMITED,
    BYTES,
    TIME
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The control plane (default: GATEHOUSE_URL, or the demo here).")
  private @Nullable URI url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the token (default: GATEHOUSE_TOKEN, or the demo's).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--by",
      paramLabel = "ORDER",
      defaultValue = "requests",
      description = "What comes first: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private Order order = Order.REQUESTS;

  @Option(
      names = "--minutes",
      defaultValue = "1",
      description = "Over how long it looks back, in whole minutes (default ${DEFAULT-VALUE}).")
  private int minutes = 1;

  @Option(
      names = {"-n", "--rows"},
      defaultValue = "20",
      description = "How many tenants are shown (default ${DEFAULT-VALUE}).")
  private int rows = 20;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How often it looks (default ${DEFAULT-VALUE}).")
  private int every = 5;

  @Option(
      names = "--once",
      description = "Looks once, and ends; so it does where it does not write to a terminal.")
  private boolean once;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  TopCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireRange("--minutes", minutes, MOST_MINUTES);
    requireRange("--rows", rows, MOST_ROWS);
    requireRange("--every", every, 3600);
    ApiClient client =
        new ApiClient(
            Connection.find(
                Optional.ofNullable(url), Optional.ofNullable(tokenFile), System.getenv()));
    boolean live = !once && isTerminal();
    PrintWriter out = spec.commandLine().getOut();
    while (true) {
      Instant from = Instant.now().minus(Duration.ofMinutes(minutes));
      Answer answer = client.send("GET", path(from), Map.of(), "");
      if (!answer.succeeded()) {
        spec.commandLine().getErr().println(answer.body().path("detail").asText("refused"));
        return 1;
      }
      if (live) {
        out.print(CLEAR);
      }
      print(out, answer.body());
      out.flush();
      if (!live) {
        return 0;
      }
      Thread.sleep(Duration.ofSeconds(every));
    }
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  private void requireRange(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new ParameterException(
          spec.commandLine(), option + " must be between 1 and " + most + ", found " + value);
    }
  }

  private String path(Instant from) {
    return "/v1/usage?step=total&groupBy=tenant&orderBy=%s&rows=%d&from=%s"
        .formatted(order.name().toLowerCase(Locale.ROOT), rows, from);
  }

  private void print(PrintWriter out, JsonNode usage) {
    Instant from = Instant.parse(usage.path("from").asText());
    double seconds = Math.max(1, Duration.between(from, Instant.now()).toSeconds());
    out.printf(
        Locale.ROOT,
        "Since %s (%.0f s), by %s; gateways report every ten seconds.%n%n",
        from,
        seconds,
        order.name().toLowerCase(Locale.ROOT));
    List<List<String>> lines = new ArrayList<>();
    usage.path("items").forEach(item -> lines.add(line(item, seconds)));
    if (lines.isEmpty()) {
      out.println("No tenant did anything.");
      return;
    }
    new Table(
            List.of("TENANT", "REQ/S", "5XX", "LIMITED", "P50 MS", "P99 MS", "IN/S", "OUT/S"),
            lines)
        .print(out);
  }

  private static List<String> line(JsonNode item, double seconds) {
    long total = item.at("/requests/total").asLong();
    return List.of(
        item.path("slug").asText(item.path("tenant").asText()),
        number(total / seconds),
        share(item.at("/requests/serverErrors").asLong(), total),
        share(item.path("limited").asLong(), total),
        number(item.at("/latency/p50").asDouble()),
        number(item.at("/latency/p99").asDouble()),
        bytes(item.path("bytesIn").asLong() / seconds),
        bytes(item.path("bytesOut").asLong() / seconds));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
  }

  private static String share(long part, long all) {
    return all == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / all);
  }

  private static String bytes(double perSecond) {
    String[] units = {"B", "kB", "MB", "GB"};
    double value = perSecond;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
