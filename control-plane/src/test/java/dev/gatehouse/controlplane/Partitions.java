package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.UUID;

/** Partitions as tests register them. */
public final class Partitions {
  private Partitions() {}

  /** A name that no other test uses. */
  static String freshName() {
    return "p" + UUID.randomUUID().toString().substring(0, 8);
  }

  /**
   * What is posted to register a database.
   *
   * @param url {@code postgresql://user:password@host:port/database}, of who sets it up
   */
  static JsonObject registration(String name, String url) {
    URI server = URI.create(url);
    String[] login = server.getUserInfo().split(":", 2);
    return new JsonObject()
        .put("name", name)
        .put("host", server.getHost())
        .put("port", server.getPort())
        .put("database", server.getPath().substring(1))
        .put("user", login[0])
        .put("password", login[1]);
  }

  /** Returns where it is in the API. */
  static String register(ApiClient api, JsonObject registration) {
    Reply created = api.post("/v1/partitions", registration);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.header("Location");
  }

  /** Registers a database, and returns when tenants can be placed in it. */
  public static String ready(ApiClient api, String url) {
    String path = register(api, registration(freshName(), url));
    awaitReady(api, path);
    return path;
  }

  static void awaitReady(ApiClient api, String path) {
    Sql.await(() -> api.get(path).json().getString("state").equals("ready"));
  }
}
