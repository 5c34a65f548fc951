package dev.gatehouse.controlplane.usage;

import static dev.gatehouse.controlplane.usage.Reports.limited;
import static dev.gatehouse.controlplane.usage.Reports.served;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.contract.usage.LostUsage;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.Sql;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What gateways report is counted once, added up, compared with quotas and given out. */
@Timeout(120)
class UsageTest {
  private static final UUID ROUTE = UUID.randomUUID();
  private static final UUID OTHER_ROUTE = UUID.randomUUID();
  private static final List<UUID> MANY_ROUTES =
      Stream.generate(UUID::randomUUID).limit(60).toList();
  private static final String URL = MigratedDatabase.freshUrl();

  private static final Vertx VERTX = Vertx.vertx();

  @SuppressWarnings("NullAway.Init")
  private static ControlPlane controlPlane;

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  private final ApiClient operator = OneControlPlane.operator(controlPlane);
  private final ApiClient gateway =
      OneControlPlane.client(controlPlane, controlPlane.firstTokens().orElseThrow().gatewayToken());
  private final String path = operator.post("/v1/tenants", Fresh.tenant()).header("Location");
  private final UUID tenant = UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
  private final Reports reports = new Reports(gateway);
  private final UsageUpkeep upkeep =
      new UsageUpkeep(database, Retention.DEFAULT, InstantSource.system());
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);

  @BeforeAll
  static void start() {
    controlPlane = OneControlPlane.start(URL);
    database = Database.open(VERTX, DatabaseUrl.parse(URL), 2);
    try (Sql sql = new Sql(URL)) {
      sql.execute(
          "INSERT INTO service (name, document) VALUES ('orders', '{}'), ('billing', '{}')");
      sql.execute(
          """
          INSERT INTO route (id, document) VALUES
            ('%s', '{"pathPrefix": "/orders", "service": "orders"}'),
            ('%s', '{"pathPrefix": "/", "service": "billing"}')
          """
              .formatted(ROUTE, OTHER_ROUTE));
      for (UUID route : MANY_ROUTES) {
        JsonObject document = JsonObject.of("pathPrefix", "/" + route, "service", "orders");
        sql.execute(
            "INSERT INTO route (id, document) VALUES ('%s', '%s')".formatted(route, document));
      }
    }
  }

  @AfterAll
  static void stop() {
    controlPlane.close();
    VERTX.close().await();
  }

  private List<JsonObject> items(String of) {
    Reply reply = operator.get(of);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().getJsonArray("items").stream().map(JsonObject.class::cast).toList();
  }

  private static long requests(JsonObject row) {
    return row.getJsonObject("requests").getLong("total");
  }

  private long total(String step) {
    return items(path + "/usage?step=" + step + "&to=" + now.plus(1, ChronoUnit.HOURS)).stream()
        .mapToLong(UsageTest::requests)
        .sum();
  }

  @Test
  void countsAReportOnceHoweverOftenItIsHandedIn() {
    UsageReport report = reports.report(now, served(tenant, ROUTE, "orders", 7));
    List<Reply> replies = Concurrently.call(8, _ -> reports.send(report));
    assertThat(replies).allMatch(reply -> reply.status() == 204);
    assertThat(total("minute")).isEqualTo(7);

    UsageReport second = reports.report(now, served(tenant, ROUTE, "orders", 2));
    assertThat(reports.send(second).status()).isEqualTo(204);
    assertThat(reports.send(report).status()).isEqualTo(204);
    assertThat(reports.send(second).status()).isEqualTo(204);
    assertThat(total("minute")).isEqualTo(9);
  }

  @Test
  void addsUpWhatSeveralGatewaysReportOfOneMinuteAtOnce() {
    List<Reply> replies =
        Concurrently.call(
            8,
            _ -> {
              Reports another = new Reports(gateway);
              Reply reply = another.send(now, served(tenant, ROUTE, "orders", 1));
              for (int i = 0; i < 10 && reply.status() == 204; i++) {
                reply = another.send(now, served(tenant, ROUTE, "orders", 1));
              }
              return reply;
            });
    assertThat(replies).allMatch(reply -> reply.status() == 204);
    assertThat(total("minute")).isEqualTo(88);
  }

  @Test
  void addsMinutesUpToHoursAndDaysAlsoWhereAReportComesLate() {
    Instant yesterday = now.minus(Duration.ofHours(20));
    reports.send(now, served(tenant, ROUTE, "orders", 5));
    reports.send(yesterday, served(tenant, ROUTE, "orders", 30));
    upkeep.addUpWhatIsDue();
    assertThat(total("hour")).isEqualTo(35);
    reports.send(yesterday, served(tenant, ROUTE, "orders", 4));
    upkeep.addUpWhatIsDue();
    assertThat(total("hour")).isEqualTo(39);
    assertThat(daysWhoseSumsDiffer()).isZero();
  }

  /** The current day may wait; those before it are as their hours say. */
  private long daysWhoseSumsDiffer() {
    upkeep.addUpWhatIsDue();
    try (Sql sql = new Sql(URL)) {
      return sql.count(
          """
          SELECT count(*) FROM (
            SELECT date_trunc('day', at, 'UTC') AS day, sum(requests_2) AS hours FROM usage_hour
             GROUP BY 1
          ) h FULL JOIN (
            SELECT at AS day, sum(requests_2) AS days FROM usage_day GROUP BY 1
          ) d USING (day)
           WHERE hours IS DISTINCT FROM days AND day < date_trunc('day', now(), 'UTC')
          """);
    }
  }

  @Test
  void countsWhatIsOfNoRouteOrServiceThatIsThereAsOfNone() {
    for (int i = 0; i < 3; i++) {
      reports.send(now, served(tenant, UUID.randomUUID(), "made-up-" + i, 5));
    }
    for (String group : List.of("route", "service")) {
      assertThat(items(path + "/usage?step=total&groupBy=" + group + "&from=" + before()))
          .singleElement()
          .satisfies(row -> {
            assertThat(row.containsKey(group) ? row.getString(group) : "").isEmpty();
            assertThat(requests(row)).isEqualTo(15);
          });
    }
  }

  /** As a gateway may report it; added up, it is beyond what the database keeps. */
  @Test
  void keepsTheFiguresOfOthersWhateverAGatewayMakesUp() {
    Instant then = now.minus(26, ChronoUnit.HOURS);
    UUID honest =
        UUID.fromString(operator.post("/v1/tenants", Fresh.tenant()).json().getString("id"));
    reports.send(then, served(honest, ROUTE, "orders", 5));
    RouteUsage[] most =
        MANY_ROUTES.stream().map(route -> most(tenant, route)).toArray(RouteUsage[]::new);
    for (int minute = 0; minute < 20; minute++) {
      assertThat(reports.send(then.plus(minute, ChronoUnit.MINUTES), most).status()).isEqualTo(204);
    }
    upkeep.addUpWhatIsDue(); // hours
    upkeep.addUpWhatIsDue(); // days
    try (Sql sql = new Sql(URL)) {
      for (UUID one : List.of(tenant, honest)) {
        assertThat(sql.count("SELECT count(*) FROM activity_day WHERE tenant_id = ?", one))
            .isPositive();
      }
    }
    for (String step : List.of("minute", "hour", "day", "total")) {
      Instant from = then.minus(1, step.equals("minute") ? ChronoUnit.HOURS : ChronoUnit.DAYS);
      Instant until = step.equals("minute") ? then.plus(1, ChronoUnit.HOURS) : now;
      String range = "/usage?step=" + step + "&from=" + from + "&to=" + until;
      assertThat(operator.get(path + range).status()).as(step).isEqualTo(200);
      assertThat(operator.get("/v1" + range).status()).as(step).isEqualTo(200);
    }
  }

  private static RouteUsage most(UUID tenant, UUID route) {
    return new RouteUsage(
        tenant,
        Optional.of(route),
        "orders",
        Collections.nCopies(RouteUsage.CLASSES, RouteUsage.MOST),
        RouteUsage.MOST,
        0,
        0,
        RouteUsage.MOST,
        RouteUsage.MOST,
        RouteUsage.MOST,
        RouteUsage.MOST,
        Collections.nCopies(LatencyBuckets.COUNT, RouteUsage.MOST));
  }

  /** Who adds up what all did must wait for it, or would miss the change for good. */
  @Test
  void holdsADayThatIsDueUntilItsChangeIsSeen() {
    OffsetDateTime day = OffsetDateTime.parse("2024-02-10T00:00:00Z");
    try (Sql sql = new Sql(URL)) {
      sql.execute("INSERT INTO activity_due VALUES ('2024-02-10') ON CONFLICT DO NOTHING");
      long free =
          database.inTransaction(tx -> {
            DailyActivity.addUp(tx, day);
            return sql.count(
                "SELECT count(*) FROM (SELECT FROM activity_due WHERE day = '2024-02-10'"
                    + " FOR UPDATE SKIP LOCKED) AS free");
          });
      assertThat(free).isZero();
    }
  }

  @Test
  void refusesLossesOfTimesThatAreNone() {
    JsonObject report =
        new JsonObject(
            new String(reports.report(now, served(tenant, ROUTE, "orders", 1)).encode(), UTF_8));
    JsonObject lost =
        JsonObject.of("from", "1970-01-01T00:00:00Z", "to", now.toString(), "why", "killed");
    Reply old = gateway.post(UsageReport.PATH, report.put("lost", lost));
    assertThat(old.pointers()).containsExactly("/lost/from");
    lost.put("from", now.toString()).put("to", "2999-01-01T00:00:00Z");
    Reply toCome = gateway.post(UsageReport.PATH, report.put("lost", lost));
    assertThat(toCome.pointers()).containsExactly("/lost/to");
  }

  @Test
  void tellsRoutesServicesAndRefusalsApart() {
    reports.send(
        now,
        served(tenant, ROUTE, "orders", 5),
        served(tenant, OTHER_ROUTE, "billing", 3),
        served(tenant, ROUTE, "billing", 1),
        limited(tenant, 4));
    List<JsonObject> routes = items(path + "/usage?step=total&groupBy=route&from=" + before());
    assertThat(routes)
        .extracting(row -> row.getString("route") + " " + requests(row))
        .containsExactly(ROUTE + " 6", " 4", OTHER_ROUTE + " 3");
    List<JsonObject> services = items(path + "/usage?step=total&groupBy=service&from=" + before());
    assertThat(services)
        .extracting(row -> row.getString("service") + " " + requests(row))
        .containsExactlyInAnyOrder("orders 5", "billing 4", " 4");

    JsonObject all = items(path + "/usage?step=total&from=" + before()).getFirst();
    assertThat(all.getLong("billable")).isEqualTo(9);
    assertThat(all.getLong("limited")).isEqualTo(4);
    assertThat(all.getLong("refused")).isEqualTo(4);
    assertThat(all.getLong("bytesOut")).isEqualTo(9000);
    assertThat(all.getJsonObject("requests").getLong("clientErrors")).isEqualTo(4);
    assertThat(all.getJsonObject("latency").getDouble("p99")).isBetween(3.0, 5.0);
  }

  private Instant before() {
    return now.minus(Duration.ofMinutes(30));
  }

  @Test
  void listsWhoDidTheMostOnThePlatform() {
    UUID idle = UUID.randomUUID(); // of nobody: passed over
    reports.send(
        now, served(tenant, ROUTE, "orders", 100_000), served(idle, ROUTE, "orders", 1_000_000));
    JsonObject most =
        items("/v1/usage?step=total&groupBy=tenant&rows=1&from=" + before()).getFirst();
    assertThat(most.getString("tenant")).isEqualTo(tenant.toString());
    assertThat(most.getString("slug")).isEqualTo(operator.get(path).json().getString("slug"));
    assertThat(requests(most)).isGreaterThanOrEqualTo(100_000);
  }

  @Test
  void givesItOutAsCsv() {
    reports.send(now, served(tenant, ROUTE, "orders", 5));
    Reply csv = operator.get(path + "/usage/export?step=minute&groupBy=service");
    assertThat(csv.status()).isEqualTo(200);
    assertThat(csv.text().lines())
        .anyMatch(line -> line.startsWith(now + ",orders,,5,0,5,0,0,0,0,5,0,0,5000,5000,0,"))
        .first()
        .isEqualTo(
            "time,service,label,requests,informational,successful,redirected,clientErrors,"
                + "serverErrors,unanswered,billable,limited,refused,bytesIn,bytesOut,"
                + "webSocketSeconds,p50Millis,p95Millis,p99Millis");
  }

  @Test
  void saysOfWhichTimeCountsAreMissing() {
    LostUsage lost =
        new LostUsage(now.minusSeconds(30), now.minusSeconds(20), LostUsage.Reason.KILLED);
    UsageReport report = reports.lost(lost);
    assertThat(reports.send(report).status()).isEqualTo(204);
    assertThat(reports.send(report).status()).isEqualTo(204);
    Stream<JsonObject> told =
        operator.get(path + "/usage").json().getJsonArray("lost").stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.getString("gateway").equals(reports.gateway()));
    assertThat(told)
        .containsExactly(
            JsonObject.of(
                "gateway", reports.gateway(),
                "from", lost.from().toString(),
                "to", lost.to().toString(),
                "why", "killed"));
  }

  @Test
  void refusesWhatIsTooOldOrOfTheFutureOrNoReport() {
    assertThat(reports.send(now.minus(Duration.ofHours(41))).status()).isEqualTo(400);
    assertThat(reports.send(now.plus(Duration.ofHours(2))).problem()).isEqualTo("invalid-body");
    JsonObject negative =
        new JsonObject(
            new String(reports.report(now, served(tenant, ROUTE, "a", 1)).encode(), UTF_8));
    negative.getJsonArray("routes").getJsonObject(0).put("bytesIn", -5);
    Reply refused = gateway.post(UsageReport.PATH, negative);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("bytesIn must be between 0 and 1000000000000000, found -5");
    assertThat(total("minute")).isZero();
  }

  @Test
  void refusesNumbersTimesAndNamesThatNoGatewayHasCounted() {
    UsageReport report =
        reports.lost(new LostUsage(now.minusSeconds(9), now, LostUsage.Reason.KILLED));
    JsonObject never = new JsonObject(new String(report.encode(), UTF_8));
    never.getJsonObject("lost").put("to", Instant.MAX.toString());
    assertThat(gateway.post(UsageReport.PATH, never).status()).isEqualTo(400);
    JsonObject much =
        new JsonObject(
            new String(reports.report(now, served(tenant, ROUTE, "a", 1)).encode(), UTF_8));
    much.getJsonArray("routes").getJsonObject(0).put("billable", Long.MAX_VALUE);
    assertThat(gateway.post(UsageReport.PATH, much).status()).isEqualTo(400);
    much.getJsonArray("routes").getJsonObject(0).put("billable", 1).put("service", "a\0b");
    assertThat(gateway.post(UsageReport.PATH, much).status()).isEqualTo(400);
  }

  @Test
  void takesFurtherReportsAfterImpossibleOnes() {
    Instant then = now.minus(Duration.ofHours(30));
    RouteUsage[] routes = new RouteUsage[UsageReport.MAX_ROUTES];
    Arrays.fill(routes, served(tenant, ROUTE, "orders", RouteUsage.MOST / 4000));
    for (int i = 0; i < 11; i++) {
      assertThat(reports.send(then, routes).status()).isEqualTo(204);
    }
    upkeep.addUpWhatIsDue();
    assertThat(reports.send(then, served(tenant, ROUTE, "orders", 1)).status()).isEqualTo(204);
    assertThat(items(path + "/usage?step=hour&from=" + then)).isNotEmpty();
  }

  @Test
  void takesReportsFromGatewaysOnly() {
    JsonObject body = new JsonObject();
    assertThat(operator.post(UsageReport.PATH, body).status()).isEqualTo(401);
    assertThat(operator.get("/edge/v1/quotas").status()).isEqualTo(401);
    assertThat(gateway.get("/v1/usage").status()).isEqualTo(401);
  }

  @Test
  void tellsOnceAMonthThatAQuotaIsNearlyUsedAndThatItIs() {
    JsonObject limits = JsonObject.of("requestsPerMonth", 1000, "bandwidthGbPerMonth", 1);
    assertThat(operator.patch(path, JsonObject.of("limits", limits)).status()).isEqualTo(200);
    reports.send(now, served(tenant, ROUTE, "orders", 799));
    assertThat(alerts()).isEmpty();
    assertThat(nearQuota()).contains("\"requests\":799");
    reports.send(now, served(tenant, ROUTE, "orders", 1));
    assertThat(alerts()).containsExactly("usage.quota-nearly-used requestsPerMonth 80");
    reports.send(now, served(tenant, ROUTE, "orders", 300));
    reports.send(now, served(tenant, ROUTE, "orders", 1));
    assertThat(alerts())
        .containsExactlyInAnyOrder(
            "usage.quota-nearly-used requestsPerMonth 80",
            "usage.quota-used-up requestsPerMonth 100");

    JsonObject requests = quota("requestsPerMonth");
    assertThat(requests.getLong("used")).isEqualTo(1101);
    assertThat(requests.getLong("limit")).isEqualTo(1000);
    assertThat(requests.getDouble("percent")).isEqualTo(110.1);
    assertThat(requests.containsKey("warnedAt")).isTrue();
    assertThat(requests.containsKey("usedUpAt")).isTrue();
    JsonObject bytes = quota("bandwidthGbPerMonth");
    assertThat(bytes.getLong("used")).isEqualTo(2_202_000);
    assertThat(bytes.getLong("limit")).isEqualTo(1_000_000_000);
    assertThat(bytes.containsKey("warnedAt")).isFalse();
  }

  @Test
  void knowsTheQuotaOfThePlan() {
    String plan = Fresh.slug();
    JsonObject limits = JsonObject.of("requestsPerMonth", 1000);
    operator.post("/v1/plans", JsonObject.of("name", plan, "limits", limits));
    operator.patch(path, JsonObject.of("billing", JsonObject.of("plan", plan)));
    reports.send(now, served(tenant, ROUTE, "orders", 499));
    assertThat(nearQuota()).doesNotContain(tenant.toString());
    reports.send(now, served(tenant, ROUTE, "orders", 1));
    assertThat(nearQuota()).contains(tenant.toString());
    assertThat(quota("requestsPerMonth").getLong("limit")).isEqualTo(1000);
    assertThat(quota("bandwidthGbPerMonth").containsKey("limit")).isFalse();
  }

  private String nearQuota() {
    return gateway.get("/edge/v1/quotas").text();
  }

  private JsonObject quota(String name) {
    return items(path + "/quotas").stream()
        .filter(item -> item.getString("quota").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<String> alerts() {
    return items(path + "/audit").stream()
        .map(item -> item.getJsonObject("entry"))
        .filter(entry -> entry.getString("action").startsWith("usage."))
        .map(entry ->
            entry.getString("action")
                + " "
                + entry.getString("quota")
                + " "
                + entry.getInteger("percent"))
        .toList();
  }
}
