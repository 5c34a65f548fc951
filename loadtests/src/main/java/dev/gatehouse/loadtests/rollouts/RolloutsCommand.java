package dev.gatehouse.loadtests.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.placements.Placements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/rollouts}. */
@Command(
    name = "rollouts",
    mixinStandardHelpOptions = true,
    description = {
      "Measures how long a rollout over many schemas takes: a table with row-level security, a column,",
      "an index, in turns with a loop that does the same in the same schemas one by one."
    })
public final class RolloutsCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final int LOOK_MILLIS = 20;
  private static final int ROUNDS = 3;

  @Option(names = "--schemas", description = "How many (${DEFAULT-VALUE}).")
  private int schemas = 1000;

  @Option(names = "--parallel", description = "At once in a rollout (${DEFAULT-VALUE}).")
  private int parallel = 8;

  /** Runs the program; it exits with 0. */
  public static void main(String[] args) {
    Program.runAndExit(new RolloutsCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("gatehouse-rollouts");
    try (EmbeddedPostgres own = EmbeddedPostgres.start(folder.resolve("own"), 0);
        EmbeddedPostgres partition = EmbeddedPostgres.start(folder.resolve("partition"), 0);
        ControlPlane controlPlane = ControlPlane.start(Placements.controlPlane(own.url()))) {
      Placements placements = new Placements(controlPlane, partition.url());
      placements.register();
      placements.place(IsolationStrategy.SCHEMA, schemas);
      tell(placements, "POST", "/v1/blueprints", JSON.createObjectNode().put("name", "shop"));
      measure(placements, new OneByOne(partition.url()));
    }
    return 0;
  }

  private void measure(Placements placements, OneByOne loop) throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%d schemas, %d at once in a rollout%n%n%-6s %-8s %12s %14s %10s%n",
        schemas,
        parallel,
        "round",
        "way",
        "total s",
        "ms a schema",
        "ratio");
    Duration rollouts = Duration.ZERO;
    Duration loops = Duration.ZERO;
    for (int round = 1; round <= ROUNDS; round++) {
      // In turns, so that what a first one pays for is not always the same one's.
      boolean loopFirst = round % 2 == 0;
      Duration one = loopFirst ? loop.run(sql(round, "loop")) : Duration.ZERO;
      Duration rollout = rollOut(placements, round);
      one = loopFirst ? one : loop.run(sql(round, "loop"));
      print(String.valueOf(round), "rollout", rollout, rollout, one);
      print(String.valueOf(round), "loop", one, rollout, one);
      rollouts = rollouts.plus(rollout);
      loops = loops.plus(one);
    }
    print("all", "rollout", rollouts, rollouts, loops);
    print("all", "loop", loops, rollouts, loops);
    System.out.println("\nratio: the loop's time over the rollout's");
  }

  private void print(String round, String way, Duration took, Duration rollout, Duration loop) {
    double each = took.toNanos() / 1e6 / schemas / (round.equals("all") ? ROUNDS : 1);
    System.out.printf(
        Locale.ROOT,
        "%-6s %-8s %12.2f %14.2f %10s%n",
        round,
        way,
        took.toNanos() / 1e9,
        each,
        way.equals("loop")
            ? String.format(Locale.ROOT, "%.2f", (double) loop.toNanos() / rollout.toNanos())
            : "");
  }

  /** The same for both, each with a table of its own. */
  private static String sql(int version, String table) {
    return switch (version) {
      case 1 ->
          "CREATE TABLE %1$s (tenant_id uuid, id uuid, text text, PRIMARY KEY (tenant_id, id)); SELECT tenancy.protect('%1$s')"
              .formatted(table);
      case 2 -> "ALTER TABLE %s ADD COLUMN due date NOT NULL DEFAULT now()".formatted(table);
      default -> "CREATE INDEX ON %s (due)".formatted(table);
    };
  }

  /** From the call that begins it until it is done in all places. */
  private Duration rollOut(Placements placements, int version)
      throws IOException, InterruptedException {
    tell(
        placements,
        "PUT",
        "/v1/blueprints/shop/versions/" + version,
        JSON.createObjectNode().put("up", sql(version, "note")));
    long begin = System.nanoTime();
    JsonNode begun =
        tell(
            placements,
            "POST",
            "/v1/blueprints/shop/rollouts",
            JSON.createObjectNode()
                .put("to", version)
                .put("canary", 1)
                .put("wave", 10_000)
                .put("parallel", parallel));
    while (true) {
      JsonNode now = placements.get("/v1/rollouts/" + begun.path("id").asText());
      String state = now.path("state").asText();
      long nanos = System.nanoTime() - begin;
      if (state.equals("done") && now.path("done").asInt() == schemas + 1) {
        return Duration.ofNanos(nanos);
      }
      if (!state.equals("running") || nanos > PATIENCE.toNanos()) {
        throw new IOException("the rollout is not done: " + now);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static JsonNode tell(Placements placements, String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    return placements.send(method, path, body.toString(), "application/json");
  }
}
