package dev.gatehouse.loadtests.isolation;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.isolation.RoutedQueries.Kind;
import dev.gatehouse.loadtests.load.Median;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/tenant-database}. */
@Command(
    name = "tenant-database",
    mixinStandardHelpOptions = true,
    description = {
      "Measures one query through TenantDatabase, which begins, enters, commits and cleans the session,",
      "beside a pool of the same client with BEGIN and set_config by hand: loopback, in turns."
    })
public final class TenantDatabaseCommand implements Callable<Integer> {
  private static final List<Integer> CLIENTS = List.of(1, 16);

  @Option(names = "--rounds", description = "How many rounds there are (${DEFAULT-VALUE}).")
  private int rounds = 11;

  @Option(names = "--transactions", description = "Of each kind in each round (${DEFAULT-VALUE}).")
  private int transactions = 3000;

  /** Runs the program; it exits with 0. */
  public static void main(String[] args) {
    Program.runAndExit(new TenantDatabaseCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("gatehouse-tenant-database");
    Vertx vertx = Vertx.vertx();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0)) {
      URI server = URI.create(postgres.url());
      String[] login = server.getUserInfo().split(":", 2);
      DatabaseTokenKey key = new DatabaseTokenKey("k0000001", new byte[32], "loadtest");
      String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + server.getPath();
      try (Connection owner = DriverManager.getConnection(url, login[0], login[1])) {
        IsolationCommand.createApplication(owner);
        IsolationCommand.prepare(owner, key);
      }
      try (RoutedQueries queries =
          new RoutedQueries(vertx, postgres.port(), server.getPath().substring(1), key)) {
        System.out.printf(
            Locale.ROOT,
            "%-8s %-48s %14s %22s%n",
            "clients",
            "",
            "us for each",
            "to by hand (range)");
        for (int clients : CLIENTS) {
          measure(queries, clients);
        }
      }
    } finally {
      vertx.close().await();
    }
    return 0;
  }

  private void measure(RoutedQueries queries, int clients) {
    Map<Kind, double[]> micros = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      queries.run(kind, clients, transactions);
      micros.put(kind, new double[rounds]);
    }
    for (int i = 0; i < rounds; i++) {
      for (Map.Entry<Kind, double[]> one : micros.entrySet()) {
        one.getValue()[i] = queries.run(one.getKey(), clients, transactions);
      }
    }
    double[] byHand = requireNonNull(micros.get(Kind.BY_HAND));
    micros.forEach((kind, each) -> {
      double[] ratios = new double[rounds];
      Arrays.setAll(ratios, i -> each[i] / byHand[i]);
      Arrays.sort(ratios);
      System.out.printf(
          Locale.ROOT,
          "%-8d %-48s %14.1f %8.3f (%.3f to %.3f)%n",
          clients,
          kind.words,
          Median.of(each),
          Median.of(ratios),
          ratios[0],
          ratios[ratios.length - 1]);
    });
  }
}
