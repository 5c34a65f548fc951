package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class MalformedRequestsTest {
  private final ApiClient api = RunningControlPlane.operator();

  static Stream<Arguments> bodies() {
    return Stream.of(
        arguments("", 400, "malformed-json"),
        arguments("{", 400, "malformed-json"),
        arguments("{} {}", 400, "malformed-json"),
        arguments("{'slug': 'x'}", 400, "malformed-json"),
        arguments("[]", 400, "invalid-body"),
        arguments("null", 400, "invalid-body"),
        arguments("\"text\"", 400, "invalid-body"),
        arguments("{}", 400, "invalid-body"),
        arguments("{\"slug\":\"abc\",\"slug\":\"abd\",\"name\":\"x\"}", 400, "malformed-json"),
        arguments(withName("\"x\",\"limits\":{\"users\":1e999}"), 400, "invalid-body"),
        arguments(withName("\"x\",\"limits\":{\"users\":1e99999999999}"), 400, "invalid-body"),
        arguments(
            withName("\"x\",\"limits\":{\"users\":123456789012345678901}"), 400, "invalid-body"),
        arguments(withName("\"x\",\"limits\":{\"users\":NaN}"), 400, "malformed-json"),
        arguments(
            withName("\"x\",\"limits\":{\"users\":" + "9".repeat(5000) + "}"),
            400,
            "malformed-json"),
        arguments(withName("[".repeat(5000)), 400, "malformed-json"),
        arguments(withName("{\"a\":".repeat(40) + "1" + "}".repeat(40)), 400, "malformed-json"),
        arguments(withName("\"a\\u0000b\""), 400, "invalid-body"),
        arguments(withName("\"a\\ud800b\""), 400, "invalid-body"),
        arguments(withName("null"), 400, "invalid-body"),
        arguments(withName("17"), 400, "invalid-body"),
        arguments(withName("\"   \""), 400, "invalid-body"),
        arguments(withName("\"x\",\"isAdmin\":true"), 400, "invalid-body"),
        arguments(withName("\"x\",\"id\":\"1\""), 400, "invalid-body"),
        arguments(withName("\"x\",\"version\":7"), 400, "invalid-body"),
        arguments(withName("\"x\",\"status\":\"deleted\""), 400, "invalid-body"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void refusesTheBodyOfANewTenant(String body, int status, String problem) {
    Reply reply = api.send("POST", "/v1/tenants", body, "Content-Type", "application/json");
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.problem()).as(reply.toString()).isEqualTo(problem);
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        arguments("GET", "/v1/nothing", 404, "not-found"),
        arguments("GET", "/v1/tenants/none-such", 404, "tenant-not-found"),
        arguments(
            "GET", "/v1/tenants/00000000-0000-0000-0000-000000000000", 404, "tenant-not-found"),
        arguments("GET", "/v1/tenants/%00", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants/" + "a".repeat(41), 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants/'%20OR%201=1--", 404, "tenant-not-found"),
        arguments("GET", "/v1/tenants?limit=0", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?limit=201", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?limit=1e2", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?limit=99999999999", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?limit=1&limit=2", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?status=gone", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?slug=A", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?q=", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?q=%00", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?sort=document", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?sort=name;drop", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?sort=name%20DESC,id", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?order=name", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?createdFrom=yesterday", 400, "invalid-parameter"),
        arguments("GET", "/v1/tenants?domain=a..b", 400, "invalid-parameter"),
        arguments("GET", "/v1/routes/not-a-uuid", 400, "invalid-parameter"),
        arguments(
            "GET",
            "/v1/routes/urn:uuid:00000000-0000-0000-0000-000000000000",
            400,
            "invalid-parameter"),
        arguments("DELETE", "/v1/tokens/xyz", 400, "invalid-parameter"),
        arguments("PUT", "/v1/tenants", 405, "method-not-allowed"),
        arguments("DELETE", "/v1/tenants", 405, "method-not-allowed"),
        arguments("POST", "/healthz", 405, "method-not-allowed"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void refusesTheRequest(String method, String path, int status, String problem) {
    Reply reply = api.send(method, path, "");
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.problem()).as(reply.toString()).isEqualTo(problem);
    assertThat(reply.json().getString("requestId")).isEqualTo(reply.header("X-Request-Id"));
  }

  @Test
  void namesTheMethodsThatAreAllowed() {
    assertThat(api.send("PUT", "/v1/tenants", "").header("Allow").split(", "))
        .containsExactlyInAnyOrder("GET", "HEAD", "POST");
  }

  @Test
  void namesTheMediaTypesThatItTakes() {
    JsonObject tenant = Fresh.tenant();
    for (String type : List.of("text/plain", "application/xml", "application/json-seq")) {
      Reply reply = api.send("POST", "/v1/tenants", tenant.encode(), "Content-Type", type);
      assertThat(reply.status()).isEqualTo(415);
      assertThat(reply.header("Accept-Post")).isEqualTo("application/json");
    }
    assertThat(api.send("POST", "/v1/tenants", tenant.encode()).status()).isEqualTo(415);
    String path = api.post("/v1/tenants", tenant).header("Location");
    Reply patch = api.send("PATCH", path, "{}", "Content-Type", "application/json");
    assertThat(patch.status()).isEqualTo(415);
    assertThat(patch.header("Accept-Patch")).isEqualTo("application/merge-patch+json");
  }

  @Test
  void refusesABodyThatIsCompressed() {
    for (String path : List.of("/v1/tenants", "/v1/tenants/imports")) {
      Reply reply = api.post(path, Fresh.tenant(), "Content-Encoding", "gzip");
      assertThat(reply.status()).as(path).isEqualTo(415);
      assertThat(reply.header("Accept-Encoding")).as(path).isEqualTo("identity");
      assertThat(reply.json().getString("detail")).as(path).contains("gzip");
    }
    assertThat(api.post("/v1/tenants", Fresh.tenant(), "Content-Encoding", "identity").status())
        .isEqualTo(201);
  }

  @Test
  void refusesABodyThatIsTooLarge() {
    JsonObject tenant = Fresh.tenant().put("name", "x".repeat(1 << 20));
    Reply reply = api.post("/v1/tenants", tenant);
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.problem()).isEqualTo("body-too-large");
  }

  @Test
  void refusesARequestLineOrHeadersThatAreTooLong() {
    assertThat(api.get("/v1/tenants?search=" + "x".repeat(8 << 10)).status()).isEqualTo(414);
    assertThat(api.get("/healthz", "X-Long", "x".repeat(16 << 10)).status()).isEqualTo(431);
  }

  @Test
  void refusesMalformedEntityTags() {
    String path = api.post("/v1/tenants", Fresh.tenant()).header("Location");
    Reply reply = api.patch(path, new JsonObject(), "If-Match", "1");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("malformed-request");
  }

  @Test
  void saysOnceWhatIsWrongWithATime() {
    String keys = api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/api-keys";
    JsonObject body = new JsonObject().put("subject", "ci");

    Reply refused = api.post(keys, body.put("expiresAt", "tomorrow"));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().getJsonArray("errors"))
        .singleElement()
        .asString()
        .contains("/expiresAt", "RFC 3339", "tomorrow");
  }

  @Test
  void keepsTheCallersRequestId() {
    assertThat(api.get("/healthz", "X-Request-Id", "abc-1").header("X-Request-Id"))
        .isEqualTo("abc-1");
    assertThat(api.get("/healthz", "X-Request-Id", "a b").header("X-Request-Id"))
        .isNotEqualTo("a b");
  }

  private static String withName(String name) {
    return "{\"slug\":\"" + Fresh.slug() + "\",\"name\":" + name + "}";
  }
}
