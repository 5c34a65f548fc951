package dev.gatehouse.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.usage.UsageConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tenants do is counted, and told to the control plane until it has taken it. */
@Timeout(120)
class UsageReportingTest {
  private static final OptionalLong NONE = OptionalLong.empty();

  @TempDir private Path scratch;

  private Platform platform;

  @BeforeEach
  void start() throws Exception {
    platform = new Platform(c -> c.with(often()));
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private UsageConfig often() {
    UsageConfig defaults = UsageConfig.DEFAULT;
    return new UsageConfig(
        Optional.of(scratch.resolve("usage")),
        Duration.ofMillis(100),
        defaults.maxBytes(),
        defaults.maxAge());
  }

  private Response send(TestTenant tenant, String request, String body) throws IOException {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "%s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(request, tenant.host(), tenant.key().reveal(), body.length(), body));
      return client.read();
    }
  }

  private TestTenant limited(OptionalLong perSecond, OptionalLong perMonth)
      throws InterruptedException {
    return platform.tenant(tenant ->
        Platform.with(tenant, new EdgeLimits(perSecond, NONE, NONE, NONE, NONE, perMonth, NONE)));
  }

  private Stream<RouteUsage> usage(TestTenant tenant) {
    return platform.feed.usage().stream()
        .flatMap(report -> report.routes().stream())
        .filter(usage -> usage.tenant().equals(tenant.edge().id()));
  }

  private long sum(TestTenant tenant, ToLongFunction<RouteUsage> number) {
    return usage(tenant).mapToLong(number).sum();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5); // which the time limit of the test interrupts
    }
  }

  @Test
  void countsRequestsByRouteStatusAndWhatBecameOfThem() throws Exception {
    TestTenant tenant = limited(OptionalLong.of(4), NONE);
    for (int i = 0; i < 3; i++) {
      assertThat(send(tenant, "POST /a?mode=ok", "12345").status()).isEqualTo(200);
    }
    assertThat(send(tenant, "GET /a?mode=cut", "").status()).isEqualTo(502);
    int refused = 0;
    while (send(tenant, "GET /a?mode=ok", "").status() != 429) {
      refused++;
    }
    int more = refused;
    await(() -> sum(tenant, RouteUsage::total) == 5 + more);

    assertThat(sum(tenant, usage -> usage.requests().get(2))).isEqualTo(3 + more);
    assertThat(sum(tenant, usage -> usage.requests().get(4))).isEqualTo(1);
    assertThat(sum(tenant, usage -> usage.requests().get(5))).isEqualTo(1);
    assertThat(sum(tenant, RouteUsage::billable)).isEqualTo(4 + more);
    assertThat(sum(tenant, RouteUsage::limited)).isEqualTo(1);
    assertThat(sum(tenant, RouteUsage::refused)).isEqualTo(2);
    assertThat(sum(tenant, RouteUsage::bytesIn)).isEqualTo(15);
    assertThat(sum(tenant, RouteUsage::bytesOut)).isPositive();
    assertThat(sum(tenant, RouteUsage::micros)).isPositive();
    assertThat(sum(tenant, usage -> usage.latency().stream().mapToLong(Long::longValue).sum()))
        .isEqualTo(5 + more);
    assertThat(usage(tenant).filter(usage -> usage.route().isEmpty()))
        .allSatisfy(usage -> assertThat(usage.limited()).isPositive());
    assertThat(usage(tenant).filter(usage -> usage.route().isPresent()))
        .isNotEmpty()
        .allSatisfy(usage -> assertThat(usage.service()).isEqualTo("app"));
  }

  @Test
  void countsWebSocketsWhileTheyAreOpen() throws Exception {
    TestTenant tenant = platform.tenant();
    Vertx vertx = Vertx.vertx();
    try {
      WebSocketConnectOptions options = new WebSocketConnectOptions();
      options.setHost("127.0.0.1").setPort(platform.gateway.httpPort()).setURI("/echo");
      options.addHeader("Host", tenant.host()).addHeader("X-API-Key", tenant.key().reveal());
      WebSocket socket = TestClients.webSocket(vertx).connect(options).await();
      socket.writeTextMessage("hello").await();
      await(() -> sum(tenant, RouteUsage::webSocketMillis) > 300);
      await(() -> sum(tenant, RouteUsage::bytesOut) > 5 && sum(tenant, RouteUsage::bytesIn) > 5);
      assertThat(sum(tenant, usage -> usage.requests().get(1))).isEqualTo(1);
      assertThat(sum(tenant, RouteUsage::micros)).isZero();
      socket.close().await();
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void handsInAgainWhatWasNotTakenAndNothingTwice() throws Exception {
    TestTenant tenant = platform.tenant();
    platform.feed.answerUsage(503);
    for (int i = 0; i < 5; i++) {
      assertThat(send(tenant, "GET /a?mode=ok", "").status()).isEqualTo(200);
    }
    await(() -> platform.feed.refusedUsage().size() > 1);
    assertThat(sum(tenant, RouteUsage::total)).isZero();
    platform.feed.answerUsage(204);
    await(() -> sum(tenant, RouteUsage::total) == 5);
    List<UsageReport> taken = platform.feed.usage();
    assertThat(taken.stream().map(UsageReport::sequence)).doesNotHaveDuplicates().isSorted();
    assertThat(taken).contains(platform.feed.refusedUsage().getFirst());
  }

  @Test
  void handsInWhatIsLeftWhenItStops() throws Exception {
    TestTenant tenant = platform.tenant();
    assertThat(send(tenant, "GET /a?mode=ok", "").status()).isEqualTo(200);
    platform.gateway.close();
    assertThat(sum(tenant, RouteUsage::total)).isEqualTo(1);
    assertThat(scratch.resolve("usage").toFile().list()).containsExactly("lock");
  }

  @Test
  void givesUpWhatTheControlPlaneWillNeverTakeAndSaysSo() throws Exception {
    TestTenant tenant = platform.tenant();
    platform.feed.answerUsage(400);
    assertThat(send(tenant, "GET /a?mode=ok", "").status()).isEqualTo(200);
    await(() -> !platform.feed.refusedUsage().isEmpty());
    platform.feed.answerUsage(204);
    await(() -> platform.feed.usage().stream().anyMatch(report -> report.lost().isPresent()));
  }

  @Test
  void refusesWhatIsOverTheMonthsQuotaToTheRequest() throws Exception {
    TestTenant tenant = limited(NONE, OptionalLong.of(1000));
    platform.feed.monthlyUse(used(tenant.edge().id(), 998));
    await(() -> explained(tenant).contains("\"usedThisMonth\":998"));
    assertThat(send(tenant, "GET /a?mode=ok", "").status()).isEqualTo(200);
    assertThat(send(tenant, "GET /a?mode=ok", "").status()).isEqualTo(200);
    Response refused = send(tenant, "GET /a?mode=ok", "");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.body()).contains("monthly-quota-used-up");
    assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(1L, 31L * 24 * 3600);
    assertThat(explained(tenant)).contains("monthly-quota-used-up");

    await(() -> sum(tenant, RouteUsage::billable) == 2 && sum(tenant, RouteUsage::limited) > 0);
    assertThat(send(tenant, "GET /a?mode=ok", "").status()).isEqualTo(429);
    platform.feed.monthlyUse(used(tenant.edge().id(), 500));
    await(() -> explained(tenant).contains("\"usedThisMonth\":502"));
    assertThat(send(tenant, "GET /a?mode=ok", "").status()).isEqualTo(200);
  }

  private String explained(TestTenant tenant) {
    String url = URLEncoder.encode("http://" + tenant.host() + "/a", UTF_8);
    String key = URLEncoder.encode("X-API-Key: " + tenant.key().reveal(), UTF_8);
    try {
      return RawClient.send(
              platform.gateway.adminPort(),
              "GET /explain?url=" + url + "&header=" + key + " HTTP/1.1",
              "Host: localhost")
          .body()
          .replace(" ", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MonthlyUse used(UUID tenant, long requests) {
    return new MonthlyUse(
        YearMonth.now(ZoneOffset.UTC), List.of(new MonthlyUse.Used(tenant, requests, 0)));
  }
}
