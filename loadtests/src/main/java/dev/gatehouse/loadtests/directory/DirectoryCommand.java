package dev.gatehouse.loadtests.directory;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/directory}. */
@Command(
    name = "directory",
    mixinStandardHelpOptions = true,
    description = "Measures lists and searches of a control plane that has many tenants.")
public final class DirectoryCommand implements Callable<Integer> {
  @Option(
      names = "--tenants",
      paramLabel = "N",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int tenants = 100_000;

  @Option(
      names = "--requests",
      paramLabel = "N",
      description = "Of each kind (default: ${DEFAULT-VALUE}).")
  private int requests = 300;

  @Option(names = "--seed", paramLabel = "N", description = "Of the tenants and the queries.")
  private long seed = 1;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the results as JSON, too.")
  private @Nullable Path json;

  /** What was measured. */
  record Results(int tenants, long seed, List<Latencies> queries) {}

  /**
   * Runs the program; it exits with 0, or with 1 where a request was not answered as it must be.
   */
  public static void main(String[] args) {
    Program.runAndExit(new DirectoryCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("gatehouse-directory");
    int port = Child.freePort();
    String token = SecretToken.generate(SecretToken.Kind.OPERATOR).reveal();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0);
        Child controlPlane = startControlPlane(folder, port, postgres.url(), token)) {
      controlPlane.awaitPort(port);
      DirectoryTenants.write(postgres.url(), tenants, seed);
      Results results = measure(new DirectoryClient(port, token));
      results.queries().forEach(DirectoryCommand::print);
      if (json != null) {
        JsonMapper.builder()
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValue(json.toFile(), results);
      }
    }
    return 0;
  }

  private Results measure(DirectoryClient client) throws IOException, InterruptedException {
    Random random = new Random(seed);
    List<Latencies> found = new ArrayList<>();
    for (Query query : Query.all(tenants)) {
      found.add(client.ask(query, requests, random));
    }
    found.add(client.turnPages(requests));
    return new Results(tenants, seed, found);
  }

  private static Child startControlPlane(Path folder, int port, String databaseUrl, String token)
      throws IOException {
    Path configuration = folder.resolve("control-plane.yaml");
    Files.writeString(
        configuration,
        """
        http:
          port: %d
        database:
          url: %s
        baseDomain: example.test
        masterKey: %s
        rates: {callerPerSecond: 10000, callerBurst: 10000, addressPerSecond: 10000, addressBurst: 10000}
        bootstrap:
          operatorToken: %s
        """
            .formatted(port, databaseUrl, Base64.getEncoder().encodeToString(new byte[32]), token));
    return Child.start(
        Programs.gatehouse(List.of(), "control-plane", "--config", configuration.toString()),
        folder.resolve("control-plane.log"));
  }

  private static void print(Latencies one) {
    System.out.printf(
        Locale.ROOT,
        "%-28s p50 %6.1f ms, p95 %6.1f ms, p99 %6.1f ms%n",
        one.query(),
        one.p50Millis(),
        one.p95Millis(),
        one.p99Millis());
  }
}
