package dev.gatehouse.controlplane.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class GatewayReportsTest {
  private final ApiClient operator = RunningControlPlane.operator();
  private final ApiClient gateway =
      RunningControlPlane.withToken(RunningControlPlane.gatewayToken());
  private final String tenant = operator.post("/v1/tenants", Fresh.tenant()).json().getString("id");
  private final String name = "gw-" + UUID.randomUUID();

  @Test
  void recordsWhatHappenedAtATenantsHostInItsTrail() {
    assertThat(send(1, event("foreign-credential", tenant, 12)).status()).isEqualTo(204);

    JsonObject entry = entries().getFirst();
    assertThat(entry.getString("action")).isEqualTo("gateway.foreign-credential");
    assertThat(entry.getString("outcome")).isEqualTo("refused");
    assertThat(entry.getLong("count")).isEqualTo(12);
    assertThat(entry.getJsonObject("client").getString("address")).isEqualTo("192.0.2.7");
    assertThat(entry.getJsonObject("actor"))
        .isEqualTo(JsonObject.of("kind", "gateway", "id", name, "name", name));
  }

  @Test
  void recordsWhatHasLeftAndHowMuchIsUsual() {
    JsonObject bytes = JsonObject.of("taken", 734003200, "usual", 31457280, "most", 52428800);
    JsonObject egress =
        JsonObject.of(
            "principal",
            "9f86d081884c7d659a2feaa0c55ad015",
            "span",
            "window",
            "bytes",
            bytes,
            "records",
            JsonObject.of("taken", 900));
    send(1, event("egress-alarm", tenant, 1).put("egress", egress));
    send(2, event("egress-cut-off", tenant, 1).put("address", "").put("egress", egress));

    List<JsonObject> recorded = entries().subList(0, 2);
    assertThat(recorded).extracting(entry -> entry.getJsonObject("egress")).containsOnly(egress);
    assertThat(recorded)
        .extracting(entry -> entry.getString("outcome"))
        .containsExactly("refused", "observed");
    assertThat(recorded.getFirst().containsKey("client")).isFalse();
    JsonObject nonsense = egress.copy().put("principal", "someone@example.com");
    assertThat(send(3, event("egress-alarm", tenant, 1).put("egress", nonsense)).status())
        .isEqualTo(400);
  }

  /** A report with a kind that the document does not know would be refused whole. */
  @ParameterizedTest
  @EnumSource(SecurityEvent.Kind.class)
  void takesEveryKind(SecurityEvent.Kind kind) {
    assertThat(send(1, event(kind.wireName(), tenant, 1)).status()).isEqualTo(204);
  }

  @Test
  void recordsAReportOnceHoweverOftenItIsHandedIn() {
    JsonObject event = event("spoofed-tenant", tenant, 1);
    List<Reply> replies = Concurrently.call(8, _ -> send(1, event));
    assertThat(replies).allMatch(reply -> reply.status() == 204);
    send(2, event);
    send(1, event);

    assertThat(entries().stream().filter(e -> e.getString("action").startsWith("gateway.")))
        .hasSize(2);
  }

  @Test
  void recordsWhatIsNoTenantsInThePlatformsTrail() {
    String unknown = UUID.randomUUID().toString();
    JsonObject probing = event("probing-hosts", tenant, 400);
    probing.remove("tenant");
    JsonObject body = report(1, probing, event("foreign-credential", unknown, 3)).put("dropped", 9);
    assertThat(gateway.post("/edge/v1/events", body).status()).isEqualTo(204);

    JsonArray items = operator.get("/v1/audit?actor=" + name).json().getJsonArray("items");
    assertThat(items.stream().map(item -> entryIn(item).getString("action")))
        .containsExactlyInAnyOrder(
            "gateway.probing-hosts", "gateway.foreign-credential", "gateway.events-dropped");
  }

  @Test
  void takesReportsFromGatewaysOnly() {
    JsonObject body = report(1, event("spoofed-tenant", tenant, 1));
    assertThat(operator.post("/edge/v1/events", body).status()).isEqualTo(401);
    assertThat(RunningControlPlane.withToken("").post("/edge/v1/events", body).status())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "{\"gateway\":\"gw\"}",
        "{\"gateway\":\"a\\r\\nb\",\"run\":\"7d0c3a52-0b3c-4f6e-9f0e-2f6a4f0f7a11\",\"sequence\":1,\"events\":[],\"dropped\":0}",
        "{\"gateway\":\"gw\",\"run\":\"7d0c3a52-0b3c-4f6e-9f0e-2f6a4f0f7a11\",\"sequence\":1,\"events\":[{}],\"dropped\":0}",
        "{\"gateway\":\"gw\",\"run\":\"7d0c3a52-0b3c-4f6e-9f0e-2f6a4f0f7a11\",\"sequence\":1e999,\"events\":[],\"dropped\":0}",
      })
  void refusesWhatIsNoReport(String body) {
    Reply reply = gateway.send("POST", "/edge/v1/events", body);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-body");
  }

  @ParameterizedTest
  @EnumSource(SecurityEvent.Kind.class)
  void takesEveryKindOfEventThatGatewaysTellOf(SecurityEvent.Kind kind) {
    assertThat(send(1, event(kind.wireName(), tenant, 1)).status()).isEqualTo(204);

    assertThat(entries().getFirst().getString("action")).isEqualTo("gateway." + kind.wireName());
  }

  private final String run = UUID.randomUUID().toString();

  private Reply send(long sequence, JsonObject event) {
    return gateway.post("/edge/v1/events", report(sequence, event));
  }

  private JsonObject report(long sequence, JsonObject... events) {
    return JsonObject.of(
        "gateway", name,
        "run", run,
        "sequence", sequence,
        "events", new JsonArray(List.of(events)),
        "dropped", 0);
  }

  private static JsonObject event(String kind, String tenant, long count) {
    return JsonObject.of(
        "kind",
        kind,
        "tenant",
        tenant,
        "address",
        "192.0.2.7",
        "from",
        "2026-11-27T16:00:00Z",
        "to",
        "2026-11-27T16:01:00Z",
        "count",
        count);
  }

  private List<JsonObject> entries() {
    return operator.get("/v1/tenants/" + tenant + "/audit").json().getJsonArray("items").stream()
        .map(GatewayReportsTest::entryIn)
        .toList();
  }

  private static JsonObject entryIn(Object item) {
    return ((JsonObject) item).getJsonObject("entry");
  }
}
