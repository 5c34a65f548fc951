package dev.gatehouse.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.deploy.api.CommandsOfAControlPlane.Run;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who does the most, and what of quotas is left, on the command line. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopCommandTest {
  @TempDir private static Path folder;

  private final UUID run = UUID.randomUUID();
  private CommandsOfAControlPlane commands;
  private long sequence;

  @BeforeAll
  void start() throws Exception {
    commands = CommandsOfAControlPlane.start(folder);
  }

  @AfterAll
  void stop() {
    commands.close();
  }

  private String tenant() {
    String slug = CommandsOfAControlPlane.freshSlug();
    Run created =
        commands.run("tenant", "create", "--slug", slug, "--name", "x", "--output", "json");
    assertThat(created.exitCode()).as(created.toString()).isZero();
    return slug;
  }

  private UUID idOf(String slug) {
    String json = commands.run("tenant", "get", slug, "--output", "json").out();
    return UUID.fromString(json.replaceAll("(?s).*?\"id\"\\s*:\\s*\"([0-9a-f-]{36})\".*", "$1"));
  }

  private void report(UUID tenant, long requests, long errors) throws Exception {
    List<Long> latency = new ArrayList<>(LatencyBuckets.none());
    latency.set(LatencyBuckets.indexOf(4000), requests);
    RouteUsage usage =
        new RouteUsage(
            tenant,
            Optional.empty(),
            "",
            List.of(0L, 0L, requests - errors, 0L, 0L, errors),
            requests,
            0,
            0,
            requests * 1000,
            requests * 2000,
            0,
            requests * 4000,
            latency);
    Instant now = Instant.now();
    UsageReport report =
        new UsageReport("edge-1", run, ++sequence, now, now, List.of(usage), Optional.empty());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(commands.url() + UsageReport.PATH))
            .header("Authorization", "Bearer " + commands.gatewayToken())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(report.encode()))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void showsWhoDoesTheMost() throws Exception {
    String quiet = tenant();
    String busy = tenant();
    report(idOf(quiet), 20, 10);
    report(idOf(busy), 40_000, 4000);

    Run top = commands.run("top", "--once", "--minutes", "2");
    assertThat(top.exitCode()).as(top.toString()).isZero();
    List<String> lines = top.out().lines().toList();
    assertThat(lines).anyMatch(line -> line.startsWith("TENANT"));
    assertThat(top.out().indexOf(busy)).isPositive().isLessThan(top.out().indexOf(quiet));
    assertThat(lines.stream().filter(line -> line.startsWith(busy)))
        .singleElement()
        .asString()
        .contains("10.0 %");
    String first = commands.run("top", "--once", "--minutes", "2", "--rows", "1").out();
    assertThat(first).contains(busy).doesNotContain(quiet);
  }

  @Test
  void saysWhatIsWrongWithItsOptions() {
    Run wrong = commands.run("top", "--once", "--rows", "0");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("--rows must be between 1 and 1000, found 0");
  }

  @Test
  void showsWhatIsLeftOfQuotas() throws Exception {
    String slug = tenant();
    commands.run("tenant", "limits", "patch", slug, "--requests-per-month", "1000");
    report(idOf(slug), 5, 0);
    Run quotas = commands.run("usage", "quotas", slug);
    assertThat(quotas.exitCode()).as(quotas.toString()).isZero();
    assertThat(quotas.out()).contains("requestsPerMonth").contains("5");
    String from = Instant.now().minusSeconds(600).toString();
    Run usage = commands.run("usage", "show", slug, "--step", "total", "--from", from);
    assertThat(usage.exitCode()).as(usage.toString()).isZero();
    assertThat(usage.out()).contains("TOTAL").contains("10000");
  }
}
