package dev.gatehouse.deploy.console;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.controlplane.api.RateLimitConfig;
import dev.gatehouse.controlplane.domain.DomainConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One control plane for all tests of the JVM, with a gateway, tenants and what they have. */
final class Platform {
  private static final RateLimitConfig UNLIMITED =
      new RateLimitConfig(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000);

  private static final String DATABASE = TestBackends.freshDatabaseUrl();
  static final String BASE_DOMAIN = "gatehouse.test";

  private static final ControlPlane CONTROL_PLANE = start();
  static final String OPERATOR = CONTROL_PLANE.firstTokens().orElseThrow().operatorToken();
  static final Rest API = new Rest(origin(), OPERATOR);

  static {
    Sample.fill(API);
    History.write(DATABASE);
    String token = CONTROL_PLANE.firstTokens().orElseThrow().gatewayToken();
    Traffic.report(API, new Rest(origin(), token));
    RunningGateway.start("fra-1", origin(), token);
    Gateway.connect("fra-2", origin(), token);
  }

  private Platform() {}

  /** Waits until what gateways have reported is added up to hours. */
  static void awaitUsage() {
    Sample.until(() -> hours() > 20);
  }

  /** Changes something that only time would change, in the database itself. */
  static void execute(String sql) {
    URI database = URI.create(DATABASE);
    String[] user = database.getUserInfo().split(":", 2);
    String url =
        "jdbc:postgresql://%s:%d%s"
            .formatted(database.getHost(), database.getPort(), database.getPath());
    try (Connection connection = DriverManager.getConnection(url, user[0], user[1]);
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has all tenants judged now, and not only when a minute has passed. */
  static void judge() {
    String before = String.valueOf(API.get("/v1/health/summary").getString("judgedAt"));
    execute("UPDATE job SET due_at = now() WHERE kind = 'health'; NOTIFY job_due");
    Sample.until(
        () -> !String.valueOf(API.get("/v1/health/summary").getString("judgedAt")).equals(before));
  }

  private static int hours() {
    Instant now = Instant.now();
    String from = now.minus(Duration.ofHours(23)).toString();
    return API.get("/v1/usage?step=hour&from=" + from + "&to=" + now).getJsonArray("items").size();
  }

  static String origin() {
    return "http://127.0.0.1:" + CONTROL_PLANE.port();
  }

  /** A token of somebody who is a member of these tenants. */
  static String member(String role, String... tenants) {
    String name = "u-" + UUID.randomUUID();
    JsonObject user =
        API.post(
            "/v1/users",
            new JsonObject()
                .put("issuer", "https://id.example.com")
                .put("subject", name)
                .put("displayName", "Ada")
                .put("email", name + "@example.com"));
    String path = "/v1/users/" + user.getString("id");
    for (String tenant : tenants) {
      JsonObject _ =
          API.post(path + "/memberships", new JsonObject().put("tenant", tenant).put("role", role));
    }
    return API.post(path + "/tokens", new JsonObject().put("name", "a test")).getString("secret");
  }

  /** A tenant that no other test knows. */
  static String tenant(String name) {
    String slug = "t-" + UUID.randomUUID().toString().substring(0, 8);
    JsonObject _ = API.post("/v1/tenants", new JsonObject().put("slug", slug).put("name", name));
    return slug;
  }

  /** A database in which tenants can have places, as a partition. */
  static JsonObject partition(String name) {
    URI database = URI.create(TestBackends.freshDatabaseUrl());
    String[] user = database.getUserInfo().split(":", 2);
    return new JsonObject()
        .put("name", name)
        .put("host", database.getHost())
        .put("port", database.getPort())
        .put("database", database.getPath().substring(1))
        .put("user", user[0])
        .put("password", user[1])
        .put("region", "eu-central")
        .put("capacity", 40)
        .put("strategies", JsonArray.of("shared", "schema"));
  }

  private static ControlPlane start() {
    ControlPlane started =
        ControlPlane.start(
            new ControlPlaneConfig(
                new ControlPlaneConfig.Http(
                    "127.0.0.1", 0, List.of(AddressRange.parse("127.0.0.1/32"))),
                new ControlPlaneConfig.DatabaseConfig(DATABASE, 10),
                BASE_DOMAIN,
                Base64.getEncoder().encodeToString(new byte[32]),
                Optional.empty(),
                UNLIMITED,
                DomainConfig.DEFAULT));
    Runtime.getRuntime().addShutdownHook(new Thread(started::close));
    return started;
  }
}
