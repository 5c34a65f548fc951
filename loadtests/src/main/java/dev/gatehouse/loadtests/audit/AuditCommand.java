package dev.gatehouse.loadtests.audit;

import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.database.Migrations;
import dev.gatehouse.loadtests.Program;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Measures what the audit trail adds to a change: the same transactions with and without it,",
      "in turns, on a PostgreSQL of its own that writes durably."
    })
public final class AuditCommand implements Callable<Integer> {
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  @Option(names = "--rounds", paramLabel = "N", description = "Turns (default ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Of each kind in each round (default ${DEFAULT-VALUE}).")
  private int seconds = 3;

  @Option(
      names = "--writers",
      paramLabel = "N",
      description = "That write at once (default ${DEFAULT-VALUE}).")
  private int writers = 8;

  /** What is written. */
  private enum Kind {
    PUBLISHED("told the edge, one tenant, not audited", true, false, true),
    PUBLISHED_AUDITED("told the edge, one tenant, audited", true, true, true),
    PUBLISHED_APART_AUDITED("told the edge, a tenant each, audited", true, true, false),
    PLAIN("not told the edge, one tenant, not audited", false, false, true),
    PLAIN_AUDITED("not told the edge, one tenant, audited", false, true, true),
    PLAIN_APART_AUDITED("not told the edge, a tenant each, audited", false, true, false);

    final String words;
    final boolean published;
    final boolean audited;
    final boolean oneTenant;

    Kind(String words, boolean published, boolean audited, boolean oneTenant) {
      this.words = words;
      this.published = published;
      this.audited = audited;
      this.oneTenant = oneTenant;
    }
  }

  /** Runs the program; it exits with 0. */
  public static void main(String[] args) {
    Program.runAndExit(new AuditCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("gatehouse-audit");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {
      Migrations.apply(DatabaseUrl.parse(postgres.url()));
      List<UUID> tenants = makeTenants(postgres.url());
      for (int writing : new int[] {1, writers}) {
        measure(postgres.url(), tenants, writing);
      }
    }
    return 0;
  }

  private void measure(String url, List<UUID> tenants, int writing) throws Exception {
    Map<Kind, Histogram> nanos = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      nanos.put(kind, new SynchronizedHistogram(Duration.ofMinutes(1).toNanos(), 3));
      run(url, tenants, writing, kind, WARM_UP, new SynchronizedHistogram(3));
    }
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<Kind, Histogram> each : nanos.entrySet()) {
        run(url, tenants, writing, each.getKey(), Duration.ofSeconds(seconds), each.getValue());
      }
    }
    System.out.printf(Locale.ROOT, "%d at once, %d rounds of %d s%n", writing, rounds, seconds);
    nanos.forEach((kind, histogram) ->
        System.out.printf(
            Locale.ROOT,
            "  %-45s %7.0f/s   p50 %6.2f ms   p99 %6.2f ms%n",
            kind.words,
            histogram.getTotalCount() / (double) (rounds * seconds),
            histogram.getValueAtPercentile(50) / 1e6,
            histogram.getValueAtPercentile(99) / 1e6));
  }

  private static void run(
      String url, List<UUID> tenants, int writing, Kind kind, Duration duration, Histogram nanos)
      throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(writing)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < writing; i++) {
        UUID tenant = tenants.get(kind.oneTenant ? 0 : i);
        running.add(threads.submit(() -> write(url, tenant, kind, end, nanos)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  private static boolean write(String url, UUID tenant, Kind kind, long end, Histogram nanos)
      throws SQLException {
    try (Write write = new Write(connect(url))) {
      while (System.nanoTime() < end) {
        long begin = System.nanoTime();
        write.perform(tenant, kind.published, kind.audited);
        nanos.recordValue(System.nanoTime() - begin);
      }
    }
    return true;
  }

  private List<UUID> makeTenants(String url) throws SQLException {
    List<UUID> tenants = new ArrayList<>();
    try (Connection connection = connect(url);
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO tenant (id, slug, name, status, document) VALUES (?, ?, 'T', 'active', '{}')")) {
      for (int i = 0; i < writers; i++) {
        UUID id = UUID.randomUUID();
        insert.setObject(1, id);
        insert.setString(2, "t-" + id);
        insert.execute();
        tenants.add(id);
      }
    }
    return tenants;
  }

  private static Connection connect(String url) throws SQLException {
    URI uri = URI.create(url);
    String[] login = uri.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath(),
        login[0],
        login[1]);
  }
}
