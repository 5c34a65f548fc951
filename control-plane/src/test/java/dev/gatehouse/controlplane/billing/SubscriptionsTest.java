package dev.gatehouse.controlplane.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubscriptionsTest {
  private final ApiClient api = RunningControlPlane.operator();
  private final String plan = "p-" + UUID.randomUUID();
  private final Instant begin = Instant.now().minus(1, ChronoUnit.HOURS);

  @Test
  void knowsWhichPlanAndStatusATenantHadFromWhenToWhen() {
    api.post("/v1/plans", JsonObject.of("name", plan));
    Reply created = api.post("/v1/tenants", Fresh.tenant());
    String path = created.header("Location");
    api.patch(path, billing(JsonObject.of("plan", plan, "customerReference", "cus_1")));
    api.patch(path, billing(JsonObject.of("customerReference", "cus_2")));
    api.post(path + "/suspend");
    api.post(path + "/resume");
    api.delete(path);

    JsonObject subscription = subscriptionOf(created.json().getString("id"));
    List<JsonObject> periods = periodsOf(subscription);
    assertThat(periods.stream().map(SubscriptionsTest::planAndStatus))
        .containsExactly("none active", plan + " active", plan + " suspended", plan + " active");
    IntStream.range(1, periods.size())
        .forEach(i ->
            assertThat(periods.get(i).getString("from"))
                .isEqualTo(periods.get(i - 1).getString("to")));
    assertThat(subscription.getJsonObject("customer").getString("customerReference"))
        .isEqualTo("cus_2");
  }

  @Test
  void keepsNoAddressOfAPerson() {
    Reply created =
        api.post(
            "/v1/tenants",
            Fresh.tenant().mergeIn(billing(JsonObject.of("email", "ada@example.com"))));
    assertThat(subscriptionOf(created.json().getString("id")).encode()).doesNotContain("ada@");
  }

  @Test
  void cutsPeriodsToTheRange() {
    String id = api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    Instant now = Instant.now();
    Instant later = now.plus(1, ChronoUnit.DAYS);
    assertThat(find(id, now.minus(2, ChronoUnit.DAYS), now.minus(1, ChronoUnit.DAYS))).isEmpty();
    JsonObject period = periodsOf(find(id, begin, later).getFirst()).getFirst();
    assertThat(Instant.parse(period.getString("to"))).isBefore(later);
    assertThat(period.getDouble("seconds")).isBetween(0.0, 3600.0);
  }

  @Test
  void refusesARangeThatIsNone() {
    assertThat(api.get("/v1/billing/subscriptions").status()).isEqualTo(400);
    Reply reversed =
        api.get("/v1/billing/subscriptions?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z");
    assertThat(reversed.status()).isEqualTo(400);
    assertThat(reversed.text()).contains("must be after from");
    assertThat(api.get("/v1/billing/subscriptions?from=yesterday&to=today").status())
        .isEqualTo(400);
  }

  @Test
  void exportsARowForEachPeriodOfEveryTenant() {
    List<String> ids =
        IntStream.range(0, 230)
            .mapToObj(_ -> api.post("/v1/tenants", Fresh.tenant()).json().getString("id"))
            .toList();
    api.post("/v1/plans", JsonObject.of("name", plan));
    String customer = "cus, \"1\"";
    api.patch(
        "/v1/tenants/" + ids.getFirst(),
        billing(JsonObject.of("plan", plan, "customerReference", customer, "provider", "stripe")));

    Reply export = export(begin, Instant.now().plus(1, ChronoUnit.HOURS));

    assertThat(export.status()).as(export.toString()).isEqualTo(200);
    assertThat(export.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
    List<String> rows = export.text().lines().toList();
    assertThat(rows.getFirst())
        .isEqualTo(
            "tenantId,slug,provider,customerReference,subscriptionReference,interval,plan,status,"
                + "from,to,seconds,customDomains");
    assertThat(rows.stream().skip(1).map(row -> row.split(",", 2)[0]).distinct())
        .isSorted()
        .containsAll(ids);
    assertThat(rows.stream().filter(row -> row.startsWith(ids.getFirst())))
        .hasSize(2)
        .last()
        .asString()
        .contains(",stripe,\"cus, \"\"1\"\"\",,," + plan + ",active,")
        .matches(".*Z,[0-9]+(\\.[0-9]+)?,0");
  }

  @Test
  void endsAllPeriodsOfAnExportThatGoOnAtOneMoment() {
    List<String> ids =
        IntStream.range(0, 3)
            .mapToObj(_ -> api.post("/v1/tenants", Fresh.tenant()).json().getString("id"))
            .toList();
    Reply export = export(begin, Instant.now().plus(1, ChronoUnit.HOURS));
    assertThat(
            export
                .text()
                .lines()
                .filter(row -> ids.contains(row.split(",", 2)[0]))
                .map(row -> row.split(",", -1)[9])
                .distinct())
        .hasSize(1);
  }

  @Test
  void exportsNothingToThoseWhoMayNotReadIt() {
    Instant now = Instant.now();
    assertThat(export(now, begin).problem()).isEqualTo("invalid-parameter");
    assertThat(api.get("/v1/billing/subscriptions/export").status()).isEqualTo(400);
    JsonObject auditor =
        JsonObject.of("kind", "operator", "name", "x", "role", "auditor")
            .put("scopes", List.of("tenants:read"));
    Reply token = api.post("/v1/tokens", auditor);
    assertThat(token.status()).as(token.toString()).isEqualTo(201);
    String export = "/v1/billing/subscriptions/export?from=" + begin + "&to=" + now;
    ApiClient narrow = RunningControlPlane.withToken(token.json().getString("secret"));
    assertThat(narrow.get(export).problem()).isEqualTo("forbidden");
    assertThat(RunningControlPlane.withToken("").get(export).status()).isEqualTo(401);
  }

  private Reply export(Instant from, Instant to) {
    return api.get("/v1/billing/subscriptions/export?from=" + from + "&to=" + to);
  }

  private JsonObject subscriptionOf(String tenantId) {
    return find(tenantId, begin, Instant.now().plus(1, ChronoUnit.HOURS)).getFirst();
  }

  /** Other tests' tenants are there, too: pages until it is found. */
  private List<JsonObject> find(String tenantId, Instant from, Instant to) {
    String list = "/v1/billing/subscriptions?limit=200&from=" + from + "&to=" + to;
    String cursor = "";
    while (true) {
      JsonObject page = api.get(list + cursor).json();
      List<JsonObject> found =
          page.getJsonArray("items").stream()
              .map(JsonObject.class::cast)
              .filter(item -> item.getString("tenantId").equals(tenantId))
              .toList();
      if (!found.isEmpty() || !page.containsKey("nextCursor")) {
        return found;
      }
      cursor = "&cursor=" + page.getString("nextCursor");
    }
  }

  private static List<JsonObject> periodsOf(JsonObject subscription) {
    return subscription.getJsonArray("periods").stream().map(JsonObject.class::cast).toList();
  }

  private static String planAndStatus(JsonObject period) {
    return period.getString("plan", "none") + " " + period.getString("status");
  }

  private static JsonObject billing(JsonObject billing) {
    return JsonObject.of("billing", billing);
  }
}
