package dev.gatehouse.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LifeOfTenantsTest {
  private static final Map<String, List<String>> ALLOWED =
      Map.of(
          "active", List.of("suspend", "archive"),
          "suspended", List.of("resume", "archive"),
          "archived", List.of("restore"));

  private final ApiClient api = RunningControlPlane.operator();
  private final String path = create();

  private String create() {
    Reply created = api.post("/v1/tenants", Fresh.tenant());
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.header("Location");
  }

  private Reply move(String transition, String reason) {
    return api.post(path + "/" + transition, new JsonObject().put("reason", reason));
  }

  private void bring(String status) {
    switch (status) {
      case "suspended" -> move("suspend", "r");
      case "archived" -> move("archive", "r");
      default -> {}
    }
    assertThat(api.get(path).json().getString("status")).isEqualTo(status);
  }

  static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new AssertionError("the test took too long");
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void refusesEveryTransitionThatTheStatusDoesNotAllowAndNamesThoseThatItDoes() {
    ALLOWED.forEach((status, allowed) -> {
      String other = create();
      switch (status) {
        case "suspended" -> api.post(other + "/suspend");
        case "archived" -> api.post(other + "/archive");
        default -> {}
      }
      for (String transition : List.of("activate", "suspend", "resume", "archive", "restore")) {
        if (!allowed.contains(transition)) {
          Reply refused = api.post(other + "/" + transition);
          assertThat(refused.status()).as(status + " " + transition).isEqualTo(409);
          assertThat(refused.problem()).isEqualTo("transition-not-allowed");
          assertThat(refused.json().getString("detail"))
              .isEqualTo(
                  "the tenant is %s: %s is not possible, only %s, delete"
                      .formatted(status, transition, String.join(", ", allowed)));
        }
      }
      assertThat(api.get(other).json().getString("status")).isEqualTo(status);
    });
  }

  @Test
  void keepsWhatBecameOfATenantAndWhy() {
    move("suspend", "unpaid");
    move("resume", "paid");
    move("archive", "gone");
    move("restore", "back");

    Reply history = api.get(path + "/transitions");
    assertThat(members(history, "to"))
        .containsExactly("active", "suspended", "active", "archived", "active");
    assertThat(members(history, "reason")).containsExactly("", "unpaid", "paid", "gone", "back");
    assertThat(members(history, "by")).containsOnly("first operator");
    assertThat(api.get(path).json().getString("statusReason")).isEqualTo("back");
    Reply page = api.get(path + "/transitions?limit=2");
    assertThat(page.json().getJsonArray("items")).hasSize(2);
    String next = page.json().getString("nextCursor");
    assertThat(api.get(path + "/transitions?limit=3&cursor=" + next).json().getJsonArray("items"))
        .hasSize(3);
  }

  @Test
  void changesNothingOfAnArchivedTenant() {
    String key =
        api.post(path + "/api-keys", new JsonObject().put("subject", "ci")).header("Location");
    bring("archived");

    List<Reply> refused =
        List.of(
            api.patch(path, new JsonObject().put("name", "Other")),
            api.post(path + "/domains", new JsonObject().put("host", Fresh.host())),
            api.post(path + "/api-keys", new JsonObject().put("subject", "ci")),
            api.delete(key));
    assertThat(refused)
        .allSatisfy(reply -> {
          assertThat(reply.status()).isEqualTo(409);
          assertThat(reply.problem()).isEqualTo("tenant-read-only");
        });
    move("restore", "back");
    assertThat(api.delete(key).status()).isEqualTo(204);
  }

  @Test
  void schedulesTheDeletionOfAnArchivedTenantUntilItIsRestored() {
    api.patch(path, new JsonObject().put("config", new JsonObject().put("retentionDays", 7)));
    Instant before = Instant.now();
    move("archive", "gone");

    JsonObject deletion = schedule().getFirst();
    assertThat(deletion.getString("action")).isEqualTo("delete");
    assertThat(Instant.parse(deletion.getString("at")))
        .isBetween(before.plus(Duration.ofDays(7)), Instant.now().plus(Duration.ofDays(7)));
    move("restore", "back");
    assertThat(schedule()).isEmpty();
  }

  @Test
  void suspendsWhenTheTimeHasComeAndSaysWhy() {
    Reply put = put("end-trial", Instant.now().plusMillis(200), null);
    assertThat(put.status()).as(put.toString()).isEqualTo(200);
    await(() -> api.get(path).json().getString("status").equals("suspended"));

    assertThat(api.get(path).json().getString("statusReason")).isEqualTo("the trial has ended");
    assertThat(schedule()).isEmpty();
    JsonObject last = api.get(path + "/transitions").json().getJsonArray("items").getJsonObject(1);
    assertThat(last.getString("by")).isEqualTo("schedule");
  }

  @Test
  void archivesAndThenDeletesByTheSchedule() {
    put("archive", Instant.now().plusMillis(100), "contract ended");
    await(() -> api.get(path).json().getString("status").equals("archived"));
    put("delete", Instant.now().plusMillis(100), "retention ended");
    await(() -> api.get(path).status() == 404);
  }

  @Test
  void replacesAndCancelsWhatIsScheduled() {
    Instant later = Instant.parse("2040-01-01T00:00:00Z");
    put("suspend", later, "first");
    put("suspend", later.plusSeconds(1), "second");
    assertThat(schedule()).hasSize(1);
    assertThat(schedule().getFirst().getString("reason")).isEqualTo("second");
    assertThat(schedule().getFirst().getString("at")).isEqualTo("2040-01-01T00:00:01Z");

    assertThat(api.delete(path + "/schedule/suspend").status()).isEqualTo(204);
    assertThat(schedule()).isEmpty();
    assertThat(api.delete(path + "/schedule/suspend").problem()).isEqualTo("schedule-not-found");
  }

  @Test
  void saysWhyWhatWasScheduledCouldNotBeDone() {
    put("delete", Instant.now().plusMillis(100), null);
    await(() -> schedule().getFirst().containsKey("refusal"));
    assertThat(schedule().getFirst().getString("refusal"))
        .isEqualTo("the tenant is active: only an archived one is deleted by schedule");
    assertThat(api.get(path).json().getString("status")).isEqualTo("active");
  }

  @Test
  void refusesTimesThatArePastOrNone() {
    assertThat(put("suspend", Instant.EPOCH, null).pointers()).containsExactly("/at");
    for (String body : List.of("{}", "{\"at\":\"tomorrow\"}", "{\"at\":1}", "{\"on\":\"x\"}")) {
      Reply reply =
          api.send("PUT", path + "/schedule/suspend", body, "Content-Type", "application/json");
      assertThat(reply.status()).as(body).isEqualTo(400);
    }
    assertThat(put("resume", Instant.parse("2040-01-01T00:00:00Z"), null).status()).isEqualTo(400);
    assertThat(api.get("/v1/tenants/nobody/schedule").status()).isEqualTo(404);
  }

  private static List<String> members(Reply page, String name) {
    return page.json().getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getString(name, ""))
        .toList();
  }

  private Reply put(String action, Instant at, @org.jspecify.annotations.Nullable String reason) {
    JsonObject body = new JsonObject().put("at", at.toString());
    if (reason != null) {
      body.put("reason", reason);
    }
    return api.send(
        "PUT", path + "/schedule/" + action, body.encode(), "Content-Type", "application/json");
  }

  private List<JsonObject> schedule() {
    return api.get(path + "/schedule").json().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .toList();
  }
}
