package dev.gatehouse.controlplane.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.Sql;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the figures of usage say of tenants and of the platform. */
@Timeout(120)
class AnalyticsTest {
  private static final String URL = TestBackends.freshDatabaseUrl();
  private static final Vertx VERTX = Vertx.vertx();

  @SuppressWarnings("NullAway.Init")
  private static ControlPlane controlPlane;

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  @SuppressWarnings("NullAway.Init")
  private static Sql sql;

  private final ApiClient operator = OneControlPlane.operator(controlPlane);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
  private final LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
  private final Activity activity = new Activity(sql);
  private final AnalyticsUpkeep upkeep = upkeepAt(now);

  @BeforeAll
  static void start() {
    controlPlane = OneControlPlane.start(URL);
    database = Database.open(VERTX, DatabaseUrl.parse(URL), 2);
    sql = new Sql(URL);
  }

  @AfterAll
  static void stop() {
    sql.close();
    controlPlane.close();
    VERTX.close().await();
  }

  private static AnalyticsUpkeep upkeepAt(Instant time) {
    return new AnalyticsUpkeep(database, new AuditService(), InstantSource.fixed(time));
  }

  private UUID tenant(JsonObject more) {
    Reply created = operator.post("/v1/tenants", Fresh.tenant().mergeIn(more));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return UUID.fromString(created.json().getString("id"));
  }

  private String plan(JsonObject more) {
    String name = Fresh.slug();
    Reply created = operator.post("/v1/plans", JsonObject.of("name", name).mergeIn(more));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return name;
  }

  private static JsonObject onPlan(String plan) {
    return JsonObject.of("billing", JsonObject.of("plan", plan));
  }

  private static JsonObject availability(double target) {
    return JsonObject.of(
        "objectives", JsonObject.of("availability", JsonObject.of("target", target)));
  }

  private static JsonObject latency(double target, int withinMillis) {
    return JsonObject.of(
        "objectives",
        JsonObject.of("latency", JsonObject.of("target", target, "withinMillis", withinMillis)));
  }

  private List<JsonObject> items(String path) {
    Reply reply = operator.get(path);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().getJsonArray("items").stream().map(JsonObject.class::cast).toList();
  }

  private List<JsonObject> budgets(UUID tenant) {
    return items("/v1/tenants/" + tenant + "/analytics/error-budgets");
  }

  private List<String> told(UUID tenant) {
    return items("/v1/tenants/" + tenant + "/audit?limit=200").stream()
        .map(entry -> entry.getJsonObject("entry").getString("action"))
        .filter(action -> action.startsWith("tenant.error-budget"))
        .toList();
  }

  @Test
  void countsWhatAnObjectiveOfThePlanLeavesToGoWrong() {
    String plan = plan(availability(99.9).mergeIn(latency(99, 300), true));
    UUID tenant = tenant(onPlan(plan));
    for (int i = 0; i < 10; i++) {
      activity.day(tenant, today.minusDays(i), 100_000, 50, 500);
    }
    activity.day(tenant, today.minusDays(30), 100_000, 100_000, 0); // before the window

    List<JsonObject> budgets = budgets(tenant);
    assertThat(budgets).hasSize(2);
    JsonObject availability = budgets.getFirst();
    assertThat(availability.getString("objective")).isEqualTo("availability");
    assertThat(availability.getLong("valid")).isEqualTo(1_000_000);
    assertThat(availability.getDouble("budget")).isEqualTo(1000);
    assertThat(availability.getLong("spent")).isEqualTo(500);
    assertThat(availability.getDouble("remaining")).isEqualTo(50);
    JsonObject latency = budgets.getLast();
    assertThat(latency.getInteger("withinMillis")).isEqualTo(300);
    assertThat(latency.getDouble("countedWithinMillis")).isEqualTo(250);
    assertThat(latency.getLong("spent")).isEqualTo(5000);
    assertThat(latency.getDouble("remaining")).isEqualTo(50);

    operator.patch(
        "/v1/tenants/" + tenant + "/objectives", availability(99.5).getJsonObject("objectives"));
    assertThat(budgets(tenant).getFirst().getDouble("remaining")).isEqualTo(90);
    JsonObject holds = operator.get("/v1/tenants/" + tenant + "/objectives").json();
    assertThat(holds)
        .isEqualTo(availability(99.5).mergeIn(latency(99, 300), true).getJsonObject("objectives"));
  }

  @Test
  void listsThoseFirstThatHaveTheLeastLeft() {
    UUID much = tenant(availability(99));
    UUID little = tenant(availability(99));
    UUID none = tenant(availability(99));
    activity.day(much, today, 1000, 1, 0);
    activity.day(little, today, 1000, 9, 0);
    activity.day(none, today, 1000, 20, 0);
    upkeep.watchBudgets();
    List<String> ours = List.of(much.toString(), little.toString(), none.toString());
    assertThat(all("/v1/analytics/error-budgets?limit=2"))
        .extracting(item -> item.getString("tenant"))
        .filteredOn(ours::contains)
        .containsExactly(none.toString(), little.toString(), much.toString());
    assertThat(items("/v1/analytics/error-budgets?state=used-up&limit=200"))
        .extracting(item -> item.getString("tenant"))
        .contains(none.toString())
        .doesNotContain(much.toString(), little.toString());
    assertThat(told(none)).containsExactly("tenant.error-budget-used-up");
    assertThat(operator.get("/v1/analytics/export?report=error-budgets").text().lines())
        .anyMatch(
            line -> line.startsWith(none + ",") && line.contains(",99,,,30,1000,10,20,-100,"));
  }

  private List<JsonObject> all(String path) {
    List<JsonObject> all = new java.util.ArrayList<>();
    JsonObject page = operator.get(path).json();
    page.getJsonArray("items").forEach(item -> all.add((JsonObject) item));
    while (page.containsKey("nextCursor")) {
      page = operator.get(path + "&cursor=" + page.getString("nextCursor")).json();
      page.getJsonArray("items").forEach(item -> all.add((JsonObject) item));
    }
    return all;
  }

  @Test
  void tellsOnceOfABudgetThatBurnsByAShortAndALongTime() {
    UUID tenant = tenant(availability(99.9));
    Instant hour = now.truncatedTo(ChronoUnit.HOURS);
    activity.day(tenant, today, 1_000_000, 0, 0);
    activity.served("usage_minute", tenant, now.minus(Duration.ofMinutes(40)), 1000, 40);
    activity.served("usage_hour", tenant, hour, 1000, 40);
    upkeep.watchBudgets();
    assertThat(told(tenant)).as("nothing in the short time").isEmpty();

    activity.served("usage_minute", tenant, now.minus(Duration.ofMinutes(2)), 1000, 40);
    upkeep.watchBudgets();
    upkeep.watchBudgets();
    assertThat(told(tenant)).containsExactly("tenant.error-budget-burning");
    JsonObject budget = budgets(tenant).getFirst();
    assertThat(budget.getJsonObject("burnRates").getDouble("hour")).isEqualTo(40);
    assertThat(budget.containsKey("burningSince")).isTrue();
    assertThat(budget.containsKey("usedUpAt")).isTrue();

    upkeepAt(now.plus(Duration.ofHours(7))).watchBudgets();
    assertThat(budgets(tenant).getFirst().containsKey("burningSince")).as("cooled").isFalse();
    upkeep.watchBudgets();
    assertThat(told(tenant)).as("the next occurrence").hasSize(2);
  }

  @Test
  void letsAReaderGoOnFromWhereItWasWithoutLossOrRepetition() {
    UUID tenant = tenant(availability(99));
    long read = lengthOf(tenant);
    assertThat(entries(tenant, 1)).hasSize((int) read);
    activity.day(tenant, today, 1000, 20, 0);
    upkeep.watchBudgets();
    assertThat(lengthOf(tenant)).isEqualTo(read + 1);
    assertThat(entries(tenant, read + 1))
        .singleElement()
        .satisfies(line -> {
          assertThat(line).contains("\"sequence\":" + (read + 1) + ",");
          assertThat(line).contains("\"action\":\"tenant.error-budget-used-up\"");
          assertThat(line).contains("\"spent\":20");
        });
    assertThat(entries(tenant, read + 2)).isEmpty();
  }

  private long lengthOf(UUID tenant) {
    return all("/v1/audit/chains?limit=3").stream()
        .filter(end -> end.getString("chain").equals(tenant.toString()))
        .mapToLong(end -> end.getLong("length"))
        .sum();
  }

  private List<String> entries(UUID tenant, long from) {
    Reply export = operator.get("/v1/audit/export?tenant=" + tenant + "&from=" + from);
    assertThat(export.status()).isEqualTo(200);
    return export.text().lines().filter(line -> line.startsWith("{\"chain\"")).toList();
  }

  @Test
  void saysNothingOfAHandfulOfRequests() {
    UUID tenant = tenant(availability(99.9));
    activity.served("usage_minute", tenant, now.minus(Duration.ofMinutes(1)), 9, 9);
    activity.day(tenant, today, 9, 9, 0);
    upkeep.watchBudgets();
    assertThat(told(tenant)).isEmpty();
    assertThat(budgets(tenant).getFirst().getDouble("remaining")).isNegative();
  }

  @Test
  void comparesEachPeriodWithTheOneBefore() {
    UUID tenant = tenant(new JsonObject());
    LocalDate month = today.withDayOfMonth(1);
    activity.day(tenant, month.minusMonths(2), 1000, 0, 0);
    activity.day(tenant, month.minusMonths(1), 2000, 7, 0);
    activity.day(tenant, month.minusMonths(1).plusDays(1), 2000, 0, 0);
    activity.day(tenant, month, 500, 0, 0);
    List<JsonObject> growth =
        items(
            "/v1/tenants/"
                + tenant
                + "/analytics/growth?from="
                + month.minusMonths(1)
                + "T00:00:00Z");
    assertThat(growth).hasSize(2);
    assertThat(growth.getFirst().getLong("requests")).isEqualTo(6000);
    assertThat(growth.getFirst().getDouble("bytesChange")).isEqualTo(300);
    assertThat(growth.getFirst().getLong("activeDays")).isEqualTo(2);
    assertThat(growth.getLast().getBoolean("complete")).isFalse();
    assertThat(growth.getLast().containsKey("requestsChange")).isFalse();
  }

  @Test
  void countsActiveTenantsOfThePlatformWithoutCountingAnybodyTwice() {
    String plan = plan(new JsonObject());
    UUID often = tenant(onPlan(plan));
    UUID once = tenant(onPlan(plan));
    LocalDate day = LocalDate.of(2021, 3, 10); // of which no other test writes
    for (int i = 0; i < 10; i++) {
      activity.day(often, day.minusDays(i), 100, 1, 0);
    }
    activity.day(once, day.minusDays(20), 100, 0, 0);
    addUpAllDays();
    List<JsonObject> growth =
        items("/v1/analytics/growth?step=day&from=2021-03-10T00:00:00Z&to=2021-03-20T00:00:00Z");
    assertThat(growth).hasSize(11);
    JsonObject first = growth.getFirst();
    assertThat(first.getLong("active")).isEqualTo(1);
    assertThat(first.getLong("weekly")).isEqualTo(1);
    assertThat(first.getLong("monthly")).isEqualTo(2);
    assertThat(first.getDouble("stickiness")).isEqualTo(50);
    assertThat(first.getLong("errors")).isEqualTo(1);
    assertThat(growth.getLast().getLong("active")).isZero();
    assertThat(growth.getLast().getLong("weekly")).isZero();
    assertThat(growth.getLast().getLong("monthly")).isEqualTo(1);

    JsonObject month =
        items("/v1/analytics/growth?step=month&from=2021-03-01T00:00:00Z&to=2021-03-20T00:00:00Z")
            .getFirst();
    assertThat(month.getLong("active")).isEqualTo(1);
    assertThat(month.getDouble("averageDaily")).isEqualTo(0.3);
    JsonObject ofPlan =
        items("/v1/analytics/growth?groupBy=plan").stream()
            .filter(item -> plan.equals(item.getString("plan")))
            .toList()
            .getLast();
    assertThat(ofPlan.getJsonObject("tenants").getLong("total")).isEqualTo(2);
    JsonObject current = items("/v1/analytics/growth").getLast();
    assertThat(current.getJsonObject("tenants").getLong("total"))
        .isEqualTo(sql.count("SELECT count(*) FROM tenant WHERE status <> 'deleted'"));
    assertThat(current.getJsonObject("tenants").getLong("created")).isPositive();
  }

  @Test
  void keepsWhatADeletedTenantAddedToTheWhole() {
    UUID tenant = tenant(new JsonObject());
    LocalDate day = LocalDate.of(2022, 5, 5);
    activity.day(tenant, day, 100, 0, 0);
    sql.execute(
        "INSERT INTO usage_month VALUES ('%s', '%s', 5, 5)"
            .formatted(tenant, today.withDayOfMonth(1)));
    upkeep.lookAhead();
    addUpAllDays();
    long active = activeNow();
    operator.delete("/v1/tenants/" + tenant + "?reason=gone");
    Sql.await(() ->
        sql.count("SELECT count(*) FROM tenant WHERE id = ? AND erased_at IS NOT NULL", tenant)
            == 1);
    assertThat(sql.count("SELECT count(*) FROM activity_day WHERE tenant_id = ?", tenant)).isZero();
    JsonObject then =
        items("/v1/analytics/growth?step=day&from=2022-05-05T00:00:00Z&to=2022-05-05T00:00:00Z")
            .getFirst();
    assertThat(then.getLong("requests")).isEqualTo(1100);
    assertThat(then.getLong("monthly")).isEqualTo(1);
    upkeep.lookAhead();
    assertThat(activeNow()).isEqualTo(active);
  }

  private void addUpAllDays() {
    do {
      upkeep.addUpDays();
    } while (sql.count("SELECT count(*) FROM activity_due") > 0);
  }

  private long activeNow() {
    return items("/v1/analytics/retention?months=1").getLast().getJsonArray("active").getLong(0);
  }

  @Test
  void followsTheTenantsOfAMonthThroughTheMonthsAfter() {
    YearMonth made = YearMonth.from(today).minusMonths(5);
    for (int i = 0; i < 4; i++) {
      UUID tenant = tenant(new JsonObject());
      sql.execute(
          "UPDATE tenant SET created_at = '%s' WHERE id = '%s'".formatted(made.atDay(2), tenant));
      for (int month = 0; month <= 3 - i; month++) {
        sql.execute(
            "INSERT INTO usage_month VALUES ('%s', '%s', 5, 5)"
                .formatted(tenant, made.plusMonths(month).atDay(1)));
      }
    }
    for (int month = 0; month <= 5; month++) {
      upkeepAt(made.plusMonths(month).atDay(9).atStartOfDay().toInstant(ZoneOffset.UTC))
          .lookAhead();
    }
    JsonObject cohort = items("/v1/analytics/retention?months=6").getFirst();
    assertThat(cohort.getString("cohort")).isEqualTo(made.toString());
    assertThat(cohort.getJsonArray("shares").encode()).isEqualTo("[100.0,75.0,50.0,25.0,0.0,0.0]");
    assertThat(operator.get("/v1/analytics/export?report=retention&months=6").text())
        .startsWith("cohort,tenants,active0,active1,active2,active3,active4,active5\r\n")
        .contains(made + ",4,4,3,2,1,0,0\r\n");
  }

  @Test
  void listsThoseWhoWentQuietAndNamesThemSafely() {
    UUID quiet = tenant(JsonObject.of("name", "=HYPERLINK(\"http://evil\")"));
    UUID never = tenant(new JsonObject());
    UUID busy = tenant(new JsonObject());
    activity.day(quiet, today.minusDays(20), 100, 0, 0);
    activity.day(quiet, today.minusDays(25), 50, 0, 0);
    activity.day(busy, today.minusDays(1), 100, 0, 0);
    List<JsonObject> items = all("/v1/analytics/quiet-tenants?days=20&limit=1");
    assertThat(items)
        .extracting(item -> item.getString("tenant"))
        .contains(quiet.toString())
        .doesNotContain(never.toString(), busy.toString());
    JsonObject found =
        items.stream()
            .filter(i -> i.getString("tenant").equals(quiet.toString()))
            .findFirst()
            .orElseThrow();
    assertThat(found.getInteger("quietDays")).isEqualTo(20);
    assertThat(found.getLong("requestsBefore")).isEqualTo(150);
    assertThat(operator.get("/v1/analytics/export?report=quiet-tenants").text())
        .contains(",\"'=HYPERLINK(\"\"http://evil\"\")\",");
  }

  @Test
  void listsWhoseQuotaEndsSoonest() {
    JsonObject limits = JsonObject.of("limits", JsonObject.of("requestsPerMonth", 100_000));
    UUID soon = tenant(limits);
    UUID later = tenant(limits);
    UUID never = tenant(limits);
    LocalDate month = today.withDayOfMonth(1);
    for (int i = 1; i <= 40; i++) {
      activity.day(soon, today.minusDays(i), 50_000, 0, 0);
      activity.day(never, today.minusDays(i), 10, 0, 0);
    }
    used(soon, month, 99_000);
    used(later, month, 100_500);
    sql.execute(
        "INSERT INTO usage_alert VALUES ('%s', '%s', 'requestsPerMonth', 100, now() - interval '1 hour')"
            .formatted(later, month));
    used(never, month, 10);
    upkeep.lookAhead();
    List<String> ours = List.of(soon.toString(), later.toString(), never.toString());
    List<JsonObject> items =
        all("/v1/analytics/quota-forecasts?limit=1").stream()
            .filter(item -> ours.contains(item.getString("tenant")))
            .toList();
    assertThat(items.getLast().getString("tenant")).isEqualTo(never.toString());
    assertThat(items.getLast().containsKey("usedUpAt")).isFalse();
    JsonObject first =
        items.stream()
            .filter(i -> i.getString("tenant").equals(soon.toString()))
            .findFirst()
            .orElseThrow();
    assertThat(first.getString("method")).isEqualTo("weekdays");
    assertThat(first.getDouble("errorPercent")).isZero();
    assertThat(first.containsKey("rank")).isFalse();
    JsonObject ofTenant =
        items("/v1/tenants/" + soon + "/quotas").getFirst().getJsonObject("forecast");
    assertThat(ofTenant.getString("method")).isEqualTo("weekdays");
    assertThat(operator.get("/v1/analytics/export?report=quota-forecasts").text())
        .startsWith("tenant,slug,plan,quota,month,used,most,")
        .contains(never.toString());
  }

  private static void used(UUID tenant, LocalDate month, long requests) {
    sql.execute(
        "INSERT INTO usage_month VALUES ('%s', '%s', %d, 5)".formatted(tenant, month, requests));
  }

  @Test
  void ranksRoutesWithTheirErrorsAndTimes() {
    UUID tenant = tenant(new JsonObject());
    activity.served("usage_minute", tenant, now.minus(Duration.ofMinutes(2)), 1000, 40);
    String range = "?from=" + now.minus(Duration.ofMinutes(30)) + "&to=" + now;
    JsonObject route = items("/v1/tenants/" + tenant + "/analytics/routes" + range).getFirst();
    assertThat(route.getLong("requests")).isEqualTo(1000);
    assertThat(route.getLong("errors")).isEqualTo(40);
    assertThat(route.getDouble("errorPercent")).isEqualTo(4);
    assertThat(route.getDouble("share")).isEqualTo(100);
    assertThat(route.getJsonObject("latency").getDouble("p99")).isBetween(3.0, 5.0);
    assertThat(items("/v1/analytics/routes" + range)).isNotEmpty();
    assertThat(
            operator
                .get("/v1/tenants/" + tenant + "/analytics/export" + range + "&report=routes")
                .text())
        .startsWith("route,path,service,requests,share,errors,errorPercent,bytes,latencyMean,");
  }

  @Test
  void showsATenantToItsMembersAndThePlatformToNobodyElse() {
    UUID own = tenant(availability(99));
    UUID other = tenant(availability(99));
    ApiClient member = memberOf(own);
    for (String report : List.of("error-budgets", "growth", "routes", "export?report=growth")) {
      assertThat(member.get("/v1/tenants/" + own + "/analytics/" + report).status()).isEqualTo(200);
      Reply foreign = member.get("/v1/tenants/" + other + "/analytics/" + report);
      assertThat(foreign.status()).as(report).isEqualTo(404);
      Reply none = member.get("/v1/tenants/" + UUID.randomUUID() + "/analytics/" + report);
      assertThat(none.status()).isEqualTo(404);
    }
    for (String report :
        List.of(
            "error-budgets",
            "growth",
            "retention",
            "quiet-tenants",
            "quota-forecasts",
            "routes",
            "export?report=growth")) {
      assertThat(member.get("/v1/analytics/" + report).status()).as(report).isEqualTo(403);
    }
    String changing = "/v1/tenants/" + own + "/objectives";
    assertThat(member.patch(changing, new JsonObject()).status()).isEqualTo(403);
  }

  private ApiClient memberOf(UUID tenant) {
    JsonObject user = operator.post("/v1/users", Person.identity()).json();
    String path = "/v1/users/" + user.getString("id");
    operator.post(
        path + "/memberships", JsonObject.of("tenant", tenant.toString(), "role", "admin"));
    JsonObject token = operator.post(path + "/tokens", JsonObject.of("name", "a test")).json();
    return OneControlPlane.client(controlPlane, token.getString("secret"));
  }

  @Test
  void refusesWhatCannotBeAnswered() {
    for (String wrong :
        List.of(
            "growth?step=day&from=1970-01-01T00:00:00Z",
            "growth?step=day&from=2001-01-01T00:00:00Z",
            "growth?from=2026-02-01T00:00:00Z&to=2025-01-01T00:00:00Z",
            "growth?groupBy=plan%27%3B%20DROP%20TABLE%20tenant",
            "growth?step=month%27",
            "routes?orderBy=requests_0%3B--",
            "routes?rows=100000000",
            "routes?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
            "retention?months=100000",
            "quiet-tenants?days=0",
            "quiet-tenants?cursor=AAAA",
            "export",
            "export?report=tenant",
            "export?report=growth&from=0000-01-01T00:00:00Z")) {
      Reply refused = operator.get("/v1/analytics/" + wrong);
      assertThat(refused.status()).as(wrong + refused.text()).isEqualTo(400);
      assertThat(refused.problem()).isIn("invalid-parameter", "invalid-cursor");
    }
    Reply objective = operator.post("/v1/tenants", Fresh.tenant().mergeIn(availability(100)));
    assertThat(objective.status()).isEqualTo(400);
  }
}
