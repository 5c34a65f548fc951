package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the server has no operation without a document, it checks itself when it starts. */
@Timeout(60)
class ApiDocumentTest {
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  private final ApiClient anonymous = RunningControlPlane.withToken("");

  @Test
  void everyPathTakesExactlyTheMethodsThatTheDocumentNames() throws Exception {
    JsonNode paths = document().get("paths");
    paths
        .fieldNames()
        .forEachRemaining(path -> {
          String concrete = path.replaceAll("\\{\\w+}", "x");
          for (String method : METHODS) {
            Reply reply = anonymous.send(method.toUpperCase(Locale.ROOT), concrete, "");
            assertThat(reply.status() == 405)
                .as(method + " " + path + " " + reply.status())
                .isEqualTo(!paths.get(path).has(method));
            assertThat(reply.status()).isNotEqualTo(404).isLessThan(500);
          }
        });
  }

  @Test
  void securedOperationsRefuseStrangersAndSayIt() throws Exception {
    JsonNode document = document();
    for (JsonNode path : document.get("paths")) {
      for (String method : METHODS) {
        JsonNode operation = path.path(method);
        JsonNode security = operation.path("security");
        if (operation.isObject() && (security.isMissingNode() || !security.isEmpty())) {
          assertThat(operation.get("responses").has("401"))
              .as(operation.get("operationId").asText())
              .isTrue();
        }
      }
    }
  }

  @Test
  void examplesOfRequestsAreValid() throws Exception {
    JsonNode document = document();
    JsonObject examples = new JsonObject(document.get("components").get("examples").toString());
    for (ApiOperation operation : ApiDocument.load().operations()) {
      operation
          .bodies()
          .forEach((type, check) -> {
            String name = exampleOf(document, operation.id());
            JsonObject value = examples.getJsonObject(name).getJsonObject("value");
            assertThat(check.faults(value)).as(operation.id()).isEmpty();
          });
    }
  }

  @Test
  void showsThePageWithoutOtherHosts() {
    Reply page = anonymous.get("/docs");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).doesNotContain("http://", "https://");
    assertThat(anonymous.get("/docs/redoc.js").status()).isEqualTo(200);
    assertThat(anonymous.get("/openapi.yaml").text()).startsWith("openapi: \"3.1.0\"");
  }

  private JsonNode document() throws Exception {
    return new YAMLMapper().readTree(anonymous.get("/openapi.yaml").text());
  }

  private static String exampleOf(JsonNode document, String operationId) {
    for (JsonNode path : document.get("paths")) {
      for (JsonNode operation : path) {
        if (operationId.equals(operation.path("operationId").asText())) {
          JsonNode content = operation.get("requestBody").get("content");
          return content.iterator().next().get("examples").fieldNames().next();
        }
      }
    }
    throw new IllegalStateException("the document has no " + operationId);
  }
}
