package dev.gatehouse.loadtests.isolation;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.isolation.Transactions.Kind;
import dev.gatehouse.loadtests.load.Median;
import dev.gatehouse.tenancy.TenancySchema;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/isolation}. */
@Command(
    name = "isolation",
    mixinStandardHelpOptions = true,
    description = {
      "Measures what it costs that PostgreSQL verifies itself whose rows a transaction may see,",
      "beside a policy that believes a setting: one client, loopback, in turns."
    })
public final class IsolationCommand implements Callable<Integer> {
  private static final List<Integer> QUERIES = List.of(1, 10, 50);
  private static final int WARM_UP = 2000;

  @Option(names = "--rounds", description = "How many rounds there are (${DEFAULT-VALUE}).")
  private int rounds = 15;

  @Option(names = "--transactions", description = "Of each kind in each round (${DEFAULT-VALUE}).")
  private int transactions = 1000;

  /** Runs the program; it exits with 0. */
  public static void main(String[] args) {
    Program.runAndExit(new IsolationCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("gatehouse-isolation");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0)) {
      URI server = URI.create(postgres.url());
      String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/";
      String database = server.getPath().substring(1);
      DatabaseTokenKey key = new DatabaseTokenKey("k0000001", new byte[32], "loadtest");
      try (Connection owner = open(server, url + database);
          Statement statement = owner.createStatement()) {
        createApplication(owner);
        statement.execute("CREATE ROLE sealing");
        statement.execute("CREATE DATABASE sealed OWNER sealing");
        prepare(owner, key);
      }
      try (Connection owner = open(server, url + "sealed");
          Statement statement = owner.createStatement()) {
        statement.execute("SET ROLE sealing");
        prepare(owner, key);
      }
      try (Transactions believing = transactions(url + database, key);
          Transactions verifying = transactions(url + database, key);
          Transactions sealing = transactions(url + "sealed", key)) {
        Map<Kind, Transactions> clients =
            Map.of(Kind.TRUSTED, believing, Kind.VERIFIED, verifying, Kind.SEALED, sealing);
        System.out.printf(
            Locale.ROOT,
            "%-8s %-44s %12s %14s %22s%n",
            "queries",
            "",
            "us (median)",
            "cpu us",
            "to trusted (range)");
        for (int queries : QUERIES) {
          measure(clients, queries);
        }
      }
    }
    return 0;
  }

  private static Connection open(URI server, String url) throws SQLException {
    String[] login = server.getUserInfo().split(":", 2);
    return DriverManager.getConnection(url, login[0], login[1]);
  }

  private static Transactions transactions(String url, DatabaseTokenKey key) throws SQLException {
    return new Transactions(url, "application", "application", key);
  }

  static void createApplication(Connection superuser) throws SQLException {
    try (Statement statement = superuser.createStatement()) {
      statement.execute("CREATE ROLE application LOGIN PASSWORD 'application'");
    }
  }

  static void prepare(Connection owner, DatabaseTokenKey key) throws SQLException {
    TenancySchema schema = new TenancySchema(owner);
    schema.install();
    schema.putTokenKey(key.id(), new byte[32], "loadtest");
    try (Statement statement = owner.createStatement()) {
      for (String sql :
          List.of(
              "SELECT tenancy.admit('application')",
              "CREATE TABLE trusted (tenant_id uuid, id int, text text, PRIMARY KEY (tenant_id, id))",
              "CREATE TABLE verified (tenant_id uuid, id int, text text, PRIMARY KEY (tenant_id, id))",
              rowsInto("trusted"),
              rowsInto("verified"),
              "ALTER TABLE trusted ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
              "CREATE POLICY tenant ON trusted USING (tenant_id = current_setting('app.tenant')::uuid)",
              "SELECT tenancy.protect('verified')",
              "GRANT SELECT ON trusted, verified TO application",
              "VACUUM ANALYZE trusted, verified")) {
        statement.execute(sql);
      }
    }
  }

  private static String rowsInto(String table) {
    return "INSERT INTO %s SELECT ('0197c0de-0000-7000-8000-' || lpad(to_hex(t), 12, '0'))::uuid, i, md5(i::text) FROM generate_series(0, %d) t, generate_series(1, %d) i"
        .formatted(table, Transactions.TENANTS - 1, Transactions.ROWS);
  }

  private void measure(Map<Kind, Transactions> clients, int queries)
      throws SQLException, IOException {
    for (Kind kind : Kind.values()) {
      requireNonNull(clients.get(kind)).run(kind, queries, Math.max(200, WARM_UP / queries));
    }
    Map<Kind, Series> series = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      series.put(kind, new Series(rounds));
    }
    int count = Math.max(100, transactions / queries);
    for (int i = 0; i < rounds; i++) {
      for (Map.Entry<Kind, Series> one : series.entrySet()) {
        Transactions client = requireNonNull(clients.get(one.getKey()));
        long before = cpuNanos(client);
        one.getValue().micros[i] = client.run(one.getKey(), queries, count);
        one.getValue().cpu[i] = (cpuNanos(client) - before) / 1e3 / count;
      }
    }
    Series trusted = requireNonNull(series.get(Kind.TRUSTED));
    series.forEach((kind, one) -> {
      double[] ratios = one.ratiosTo(trusted);
      System.out.printf(
          Locale.ROOT,
          "%-8d %-44s %12.1f %14.1f %8.3f (%.3f to %.3f)%n",
          queries,
          kind.words,
          Median.of(one.micros),
          Median.of(one.cpu),
          Median.of(ratios),
          ratios[0],
          ratios[ratios.length - 1]);
    });
  }

  /** What the rounds gave, for each transaction, in microseconds. */
  private static final class Series {
    /** From its begin to its end. */
    private final double[] micros;

    /** What the server spent. */
    private final double[] cpu;

    Series(int rounds) {
      this.micros = new double[rounds];
      this.cpu = new double[rounds];
    }

    /** Round by round, the least first. */
    double[] ratiosTo(Series other) {
      double[] ratios = new double[micros.length];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = micros[i] / other.micros[i];
      }
      Arrays.sort(ratios);
      return ratios;
    }
  }

  /** What the server's process of this client has run so far. */
  private static long cpuNanos(Transactions client) throws SQLException, IOException {
    String schedule = Files.readString(Path.of("/proc/" + client.backend() + "/schedstat"));
    return Long.parseLong(schedule.substring(0, schedule.indexOf(' ')));
  }
}
