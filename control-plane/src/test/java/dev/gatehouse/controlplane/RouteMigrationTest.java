package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.database.OlderDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of routes of the version before they were documents. */
@Timeout(60)
class RouteMigrationTest {
  private static final String ID = "0197c0de-0000-7000-8000-000000000001";

  private static final String ROWS =
      """
      INSERT INTO service (name, document)
      VALUES ('app', '{"endpoints": [{"host": "127.0.0.1", "port": 8081}]}');
      INSERT INTO route (id, hosts, path_prefix, methods, service)
      VALUES ('%s', 'custom', '/a', '{GET,PUT}', 'app'),
             ('0197c0de-0000-7000-8000-000000000002', 'any', '/', '{}', 'app');
      """
          .formatted(ID);

  @Test
  void routesAreReadAndHeldAsBefore() throws Exception {
    String url = TestBackends.freshDatabaseUrl();
    OlderDatabase.fill(url, "3", ROWS);
    try (ControlPlane controlPlane = ControlPlane.start(RunningControlPlane.config(url))) {
      ApiClient api =
          new ApiClient(
              controlPlane.port(), controlPlane.firstTokens().orElseThrow().operatorToken());
      JsonObject route = api.get("/v1/routes/" + ID).json();
      assertThat(route.getString("hosts")).isEqualTo("custom");
      assertThat(route.getString("pathPrefix")).isEqualTo("/a");
      assertThat(route.getJsonArray("methods")).containsExactly("GET", "PUT");
      assertThat(route.getString("service")).isEqualTo("app");
      assertThat(api.delete("/v1/services/app").problem()).isEqualTo("service-in-use");

      JsonObject same = new JsonObject().put("pathPrefix", "/").put("service", "app");
      assertThat(api.post("/v1/routes", same).problem()).isEqualTo("route-taken");
      JsonObject other = same.copy().put("methods", JsonArray.of("GET"));
      assertThat(api.post("/v1/routes", other).status()).isEqualTo(201);
    }
  }
}
