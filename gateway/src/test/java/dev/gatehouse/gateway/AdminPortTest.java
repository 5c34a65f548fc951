package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What an operator sees of services at the admin port. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminPortTest {
  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @Test
  void showsEveryServiceWithItsEndpoints() throws Exception {
    JsonArray services = new JsonObject(get("/upstreams")).getJsonArray("services");

    JsonObject app = services.getJsonObject(0);
    assertThat(app.getString("service")).isEqualTo("app");
    JsonObject endpoint = app.getJsonArray("endpoints").getJsonObject(0);
    assertThat(endpoint.getInteger("port")).isEqualTo(platform.upstream.port());
    assertThat(endpoint.getJsonArray("addresses").getJsonObject(0).getString("state"))
        .isEqualTo("healthy");
  }

  @Test
  void showsNoCircuitBreakerWhereNoneIsInUse() throws Exception {
    assertThat(get("/breakers")).isEqualTo("[]");
  }

  private String get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + platform.gateway.adminPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }
}
