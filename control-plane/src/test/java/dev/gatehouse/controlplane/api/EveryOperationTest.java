package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bodies that no operation can want, sent to each that takes one: a refusal that the document
 * describes, whatever the operation.
 */
@Timeout(300)
class EveryOperationTest {
  private static final List<String> BODIES =
      List.of(
          "",
          "{",
          "[]",
          "null",
          "\"text\"",
          "{\"noSuchField\":1}",
          "{\"name\":{\"a\":1},\"role\":[],\"email\":7,\"token\":true,\"permissions\":\"x\"}",
          "{\"name\":1e999}",
          "{\"name\":\"a\",\"name\":\"b\"}",
          "{\"a\":".repeat(40) + "1" + "}".repeat(40));

  private final ApiClient api = RunningControlPlane.operator();

  @Test
  void refusesBodiesThatNobodyCanWant() throws Exception {
    String tenant = api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    JsonNode paths = new YAMLMapper().readTree(api.get("/openapi.yaml").text()).get("paths");
    List<String> wrong = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    paths
        .properties()
        .forEach(path -> {
          for (String method : List.of("post", "put", "patch")) {
            JsonNode operation = path.getValue().path(method);
            if (path.getKey().startsWith("/v1/")
                && operation.has("requestBody")
                && !operation.has("x-streamed")) { // of those, each line is judged by itself
              asked.add(path.getKey());
              String concrete =
                  path.getKey()
                      .replace("{tenant}", tenant)
                      .replace("{user}", "00000000-0000-7000-8000-000000000000")
                      .replaceAll("\\{\\w+}", "0000000000000000");
              wrong.addAll(faults(method, concrete, operation));
            }
          }
        });
    assertThat(wrong).isEmpty();
    assertThat(asked).hasSizeGreaterThan(15);
  }

  private List<String> faults(String method, String path, JsonNode operation) {
    String type = operation.get("requestBody").get("content").fieldNames().next();
    List<String> faults = new ArrayList<>();
    for (String body : BODIES) {
      boolean optional = !operation.get("requestBody").path("required").asBoolean();
      if (body.isEmpty() && optional) {
        continue; // it is valid
      }
      Reply reply = api.send(method.toUpperCase(Locale.ROOT), path, body, "Content-Type", type);
      boolean described = operation.get("responses").has(Integer.toString(reply.status()));
      if (reply.status() < 400 || reply.status() >= 500 || !described || !isProblem(reply)) {
        faults.add(method + " " + path + " with " + body + ": " + reply);
      }
    }
    return faults;
  }

  private static boolean isProblem(Reply reply) {
    JsonObject problem = reply.json();
    return reply.header("Content-Type").equals("application/problem+json")
        && problem.getInteger("status") == reply.status()
        && problem.containsKey("requestId");
  }
}
