package dev.gatehouse.controlplane.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
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
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rounds over tenants who do differently: what is kept, told, and given to whom. */
@Timeout(120)
class HealthTest {
  private static final String URL = TestBackends.freshDatabaseUrl();
  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  @SuppressWarnings("NullAway.Init")
  private static ControlPlane controlPlane;

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  @SuppressWarnings("NullAway.Init")
  private static Sql sql;

  private final ApiClient operator = OneControlPlane.operator(controlPlane);
  private final AtomicReference<Instant> clock =
      new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  private final HealthRound round = newRound();

  @BeforeAll
  static void start() {
    controlPlane = OneControlPlane.start(URL);
    database = Database.open(VERTX, DatabaseUrl.parse(URL), 4);
    sql = new Sql(URL);
    // Rounds are the tests', at their times.
    sql.execute("DELETE FROM job WHERE kind = 'health'");
    sql.execute("CREATE TABLE usage_hour_earlier PARTITION OF usage_hour DEFAULT");
  }

  @AfterAll
  static void stop() {
    sql.close();
    controlPlane.close();
    VERTX.close().await();
  }

  private HealthRound newRound() {
    return new HealthRound(Duration.ofDays(90), database, new AuditService(), clock::get);
  }

  private String tenant() {
    return operator.post("/v1/tenants", Fresh.tenant()).header("Location");
  }

  private static UUID id(String path) {
    return UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
  }

  private void after(Duration time) {
    clock.updateAndGet(now -> now.plus(time));
    assertThat(round.judgeAll(clock.get())).isTrue();
  }

  /** So many requests in the minute of the clock, all in 60 ms. */
  private void asked(String path, long requests, long failed, long limited) {
    counted(
        "usage_minute",
        path,
        clock.get().truncatedTo(ChronoUnit.MINUTES),
        requests,
        failed,
        limited,
        10);
  }

  /**
   * @param bucket in which all times are
   */
  private static void counted(
      String table, String path, Instant at, long requests, long failed, long limited, int bucket) {
    StringBuilder latency = new StringBuilder();
    for (int i = 0; i < 22; i++) {
      latency.append(", ").append(i == bucket ? requests : 0);
    }
    sql.execute(
        "INSERT INTO %s VALUES ('%s', '%s', '%s', 'orders', 0, 0, %d, 0, %d, %d, %d, %d, %d, 0, 0, 0, 0%s)"
            .formatted(
                table,
                at,
                id(path),
                new UUID(0, 0),
                requests - failed - limited,
                limited,
                failed,
                requests - limited,
                limited,
                limited,
                latency));
  }

  private JsonObject health(String path) {
    Reply reply = operator.get(path + "/health");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private List<JsonObject> items(String path) {
    Reply reply = operator.get(path);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().getJsonArray("items").stream().map(JsonObject.class::cast).toList();
  }

  private List<JsonObject> told(String path) {
    return items(path + "/audit?action=tenant.health-changed").stream()
        .map(item -> item.getJsonObject("entry"))
        .toList();
  }

  @Test
  void tellsTenantsApartAndWhy() {
    String well = tenant();
    String failing = tenant();
    String limited = tenant();
    String quiet = tenant();
    String expired = tenant();
    String suspended = tenant();
    asked(well, 400, 0, 0);
    asked(failing, 400, 200, 0);
    asked(limited, 400, 0, 100);
    asked(quiet, 2, 2, 0);
    sql.execute(
        "INSERT INTO certificate (id, tenant_id, host, chain, private_key, set_at, not_after)"
            + " VALUES (gen_random_uuid(), '%s', 'shop.example.com', '', '', now() - interval '80 days', now() - interval '1 day')"
                .formatted(id(expired)));
    assertThat(health(well).getString("reason")).contains("not been judged yet");
    after(Duration.ZERO);
    after(A_MINUTE);
    assertThat(operator.post(suspended + "/suspend", new JsonObject()).status()).isEqualTo(200);

    assertThat(health(well).getString("state")).isEqualTo("healthy");
    assertThat(health(well).getInteger("score")).isEqualTo(100);
    assertThat(health(well).getString("reason")).isEqualTo("Nothing is wrong.");
    JsonObject bad = health(failing);
    assertThat(bad.getString("state")).isEqualTo("unhealthy");
    assertThat(bad.getString("reason"))
        .isEqualTo(
            "50 % of 400 requests failed in the last ten minutes; up to 1 % is usual."
                + " All of these 200 failures were at the service orders.");
    assertThat(bad.getJsonObject("factors").fieldNames()).first().isEqualTo("error-rate");
    assertThat(bad.getJsonObject("factors").getJsonObject("error-rate").fieldNames())
        .containsExactly("points", "measured", "expected", "reason", "advice");
    assertThat(health(limited).getString("state")).isEqualTo("degraded");
    assertThat(health(limited).getString("reason")).contains("25 % of 400 requests were refused");
    assertThat(health(quiet).getString("state")).isEqualTo("unknown");
    assertThat(health(quiet).containsKey("score")).isFalse();
    assertThat(health(expired).getString("state")).isEqualTo("unhealthy");
    assertThat(health(expired).getString("reason")).contains("shop.example.com expired on");
    assertThat(health(suspended).getString("reason")).contains("this one is suspended");

    String among = "&tenants=" + id(well) + "," + id(failing) + "," + id(quiet) + "," + id(expired);
    assertThat(items("/v1/health?limit=4" + among))
        .extracting(one -> one.getString("tenant"))
        .containsExactly(
            id(failing).toString(),
            id(expired).toString(),
            id(well).toString(),
            id(quiet).toString());
    Reply first = operator.get("/v1/health?limit=1&state=unhealthy" + among);
    String next = first.json().getString("nextCursor");
    assertThat(items("/v1/health?limit=1&state=unhealthy" + among + "&cursor=" + next))
        .extracting(one -> one.getString("tenant"))
        .containsExactly(id(expired).toString());
    JsonObject summary = operator.get("/v1/health/summary").json();
    assertThat(summary.getLong("unhealthy")).isGreaterThanOrEqualTo(2);
    assertThat(summary.containsKey("judgedAt")).isTrue();
    assertThat(told(failing)).hasSize(1);
    assertThat(told(well)).isEmpty();
    assertThat(told(quiet)).isEmpty();
  }

  @Test
  void tellsAChangeOnceAlsoWhereSeveralJudgeAtOnce() {
    String path = tenant();
    asked(path, 100, 90, 0);
    HealthRound another = newRound();
    after(Duration.ZERO);
    clock.updateAndGet(now -> now.plus(A_MINUTE));
    List<Boolean> done =
        Concurrently.call(4, i -> (i % 2 == 0 ? round : another).judgeAll(clock.get()));
    assertThat(done).containsOnly(true);
    assertThat(told(path)).hasSize(1);
    JsonObject entry = told(path).getFirst();
    assertThat(entry.getString("from")).isEqualTo("healthy");
    assertThat(entry.getString("to")).isEqualTo("unhealthy");
    assertThat(entry.getString("outcome")).isEqualTo("observed");
    assertThat(entry.getInteger("score")).isLessThan(50);
    assertThat(entry.getJsonArray("reasons").getString(0))
        .startsWith("90 % of 100 requests failed");
  }

  @Test
  void takesAndTellsARecoveryAndKeepsTheHistory() {
    String path = tenant();
    asked(path, 100, 90, 0);
    after(Duration.ZERO);
    after(A_MINUTE);
    clock.updateAndGet(now -> now.plus(Duration.ofMinutes(14)));
    asked(path, 1000, 0, 0);
    after(A_MINUTE);
    assertThat(health(path).getString("state")).isEqualTo("unhealthy");
    assertThat(health(path).getInteger("score")).isEqualTo(100);
    assertThat(health(path).getJsonObject("leaning").getString("to")).isEqualTo("better");
    after(Duration.ofMinutes(5));
    assertThat(health(path).getString("state")).isEqualTo("healthy");
    assertThat(told(path))
        .extracting(entry -> entry.getString("from") + " " + entry.getString("to"))
        .containsExactly("unhealthy healthy", "healthy unhealthy");

    String range =
        "?from=" + clock.get().minus(Duration.ofHours(1)) + "&to=" + clock.get().plusSeconds(1);
    List<JsonObject> history = items(path + "/health/history" + range);
    assertThat(history)
        .extracting(row -> row.getString("state"))
        .startsWith("unknown", "unhealthy")
        .endsWith("unhealthy", "healthy");
    assertThat(history.getLast().getString("reason")).isEqualTo("Nothing is wrong.");
    long rows = history.size();
    after(Duration.ofSeconds(1));
    assertThat(items(path + "/health/history" + range)).hasSizeBetween((int) rows, (int) rows + 1);
    Reply wrong =
        operator.get(path + "/health/history?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z");
    assertThat(wrong.problem()).isEqualTo("invalid-parameter");
  }

  @Test
  void comparesWithTheSameHoursOfEarlierDays() {
    String path = tenant();
    Instant hour = clock.get().truncatedTo(ChronoUnit.HOURS);
    for (int day = 1; day <= 3; day++) {
      counted("usage_hour", path, hour.minus(Duration.ofDays(day)), 500, 0, 0, 10);
    }
    // Another hour of the day is none of these.
    counted("usage_hour", path, hour.minus(Duration.ofHours(24 + 6)), 500, 0, 0, 20);
    counted("usage_minute", path, clock.get().truncatedTo(ChronoUnit.MINUTES), 400, 0, 0, 15);
    after(Duration.ZERO);
    JsonObject latency = health(path).getJsonObject("factors").getJsonObject("latency");
    assertThat(latency.getString("reason"))
        .isEqualTo(
            "95 of 100 requests took up to 738 ms in the last ten minutes; 73.8 ms is usual at this time of the day.");
    assertThat(latency.getInteger("points")).isLessThan(30);
  }

  @Test
  void readsWhatIsWrongWithDomainsTablesAndKeys() {
    String path = tenant();
    operator.post(path + "/domains", Fresh.trustedDomain(Fresh.host()));
    operator.post(path + "/api-keys", new JsonObject().put("subject", "ci"));
    UUID id = id(path);
    sql.execute(
        "UPDATE domain SET ownership = 'lost', ownership_reason = 'It leads elsewhere.' WHERE tenant_id = '%s'"
            .formatted(id));
    sql.execute(
        "UPDATE api_key SET expires_at = now() + interval '3 days' WHERE tenant_id = '%s'"
            .formatted(id));
    sql.execute(
        "INSERT INTO partition (name, document, admin_password, app_password) VALUES ('p', '{}', '', '') ON CONFLICT DO NOTHING");
    sql.execute(
        "INSERT INTO placement (tenant_id, partition, strategy, state) VALUES ('%s', 'p', 'shared', 'placed')"
            .formatted(id));
    sql.execute(
        "INSERT INTO blueprint (name, current_version) VALUES ('shop', 4) ON CONFLICT DO NOTHING");
    sql.execute(
        "INSERT INTO blueprint_state (blueprint, partition, number, error) VALUES ('shop', 'p', 3, 'no such table')");
    sql.execute(
        "INSERT INTO tenant_keyset (tenant_id, kind, wrapped, rotated_at) VALUES ('%s', 'signatures', '', now() - interval '200 days')"
            .formatted(id));
    operator.patch(path, JsonObject.of("limits", JsonObject.of("requestsPerMonth", 1000)));
    sql.execute(
        "INSERT INTO usage_month VALUES ('%s', date_trunc('month', now(), 'UTC')::date, 1000, 0)"
            .formatted(id));
    after(Duration.ZERO);
    JsonObject factors = health(path).getJsonObject("factors");
    assertThat(factors.getJsonObject("domains").getString("reason"))
        .endsWith("It leads elsewhere.");
    assertThat(factors.getJsonObject("blueprints").getString("reason"))
        .contains("failed at its place, which has version 3");
    assertThat(factors.getJsonObject("keys").getString("reason"))
        .contains("keyset signatures", "1 more");
    assertThat(factors.getJsonObject("saturation").getString("reason"))
        .startsWith("100 % of the requests");
    sql.execute("DELETE FROM placement; DELETE FROM blueprint; DELETE FROM partition");
  }

  @Test
  void showsATenantToItsOwnAndToNobodyElse() {
    String path = tenant();
    String other = tenant();
    after(Duration.ZERO);
    ApiClient administrator = member(path, "admin");
    assertThat(administrator.get(path + "/health").status()).isEqualTo(200);
    assertThat(administrator.get(path + "/health/history").status()).isEqualTo(200);
    assertThat(administrator.get(other + "/health").status()).isEqualTo(404);
    assertThat(administrator.get(other + "/health/history").status()).isEqualTo(404);
    assertThat(administrator.get("/v1/health").status()).isEqualTo(403);
    assertThat(administrator.get("/v1/health/summary").status()).isEqualTo(403);
    assertThat(member(path, "member").get(path + "/health").status()).isEqualTo(403);
  }

  private ApiClient member(String path, String role) {
    String user = operator.post("/v1/users", Person.identity()).json().getString("id");
    JsonObject membership = JsonObject.of("tenant", id(path).toString(), "role", role);
    operator.post("/v1/users/" + user + "/memberships", membership);
    Reply token = operator.post("/v1/users/" + user + "/tokens", JsonObject.of("name", "a test"));
    return OneControlPlane.client(controlPlane, token.json().getString("secret"));
  }

  @Test
  void forgetsWhoIsNotActiveAndGoesOnWhereARunEnded() {
    String path = tenant();
    after(Duration.ZERO);
    sql.execute("UPDATE health_round SET after = '%s'".formatted(new UUID(-1, -1)));
    after(Duration.ZERO); // behind all: nobody is left
    assertThat(sql.texts("SELECT after FROM health_round")).containsExactly("null");
    operator.post(path + "/suspend", new JsonObject());
    after(A_MINUTE);
    assertThat(sql.count("SELECT count(*) FROM tenant_health WHERE tenant_id = ?", id(path)))
        .isZero();
    assertThat(
            sql.count("SELECT count(*) FROM tenant_health_history WHERE tenant_id = ?", id(path)))
        .isPositive();
  }

  @Test
  void isWrittenOnlyWhereSomethingIsNew() {
    String path = tenant();
    after(Duration.ZERO);
    String before =
        sql.texts("SELECT xmin FROM tenant_health WHERE tenant_id = ?", id(path)).getFirst();
    after(Duration.ofSeconds(10));
    assertThat(sql.texts("SELECT xmin FROM tenant_health WHERE tenant_id = ?", id(path)))
        .containsExactly(before);
  }
}
