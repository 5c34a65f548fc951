package dev.gatehouse.deploy.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** What a platform of some months has, as far as pages show it. */
final class Sample {
  private static final List<String> NAMES =
      List.of(
          "Northwind Traders",
          "Globex Corporation",
          "Initech",
          "Umbrella Ltd",
          "Hooli",
          "Stark Industries",
          "Wayne Enterprises",
          "Wonka Chocolates",
          "Cyberdyne Systems",
          "Tyrell Corporation",
          "Soylent Foods",
          "Vandelay Imports",
          "Pied Piper",
          "Massive Dynamic");

  private Sample() {}

  static void fill(Rest api) {
    plans(api);
    traffic(api);
    JsonObject _ = api.post("/v1/partitions", Platform.partition("eu-1"));
    JsonObject _ =
        api.put(
            "/v1/placement-policy",
            JsonObject.of(
                "rules",
                JsonArray.of(
                    JsonObject.of("plans", JsonArray.of("business"), "strategy", "schema"),
                    JsonObject.of("strategy", "shared"))));
    JsonObject _ =
        api.post(
            "/v1/blueprints", JsonObject.of("name", "shop", "description", "Tables of the shop"));
    until(() -> api.get("/v1/partitions/eu-1").getString("state").equals("ready"));
    for (int i = 0; i < NAMES.size(); i++) {
      tenant(api, NAMES.get(i), i);
    }
    acme(api);
  }

  private static void plans(Rest api) {
    plan(api, "starter", "Starter", 20, 100_000, 5);
    plan(api, "team", "Team", 100, 2_000_000, 25);
    plan(api, "business", "Business", 500, 50_000_000, 500);
  }

  private static void plan(Rest api, String name, String title, int rate, int month, int users) {
    JsonObject limits =
        JsonObject.of(
            "requestsPerSecond",
            rate,
            "burst",
            rate * 2,
            "requestsPerMonth",
            month,
            "users",
            users);
    JsonObject _ =
        api.post("/v1/plans", JsonObject.of("name", name, "title", title, "limits", limits));
  }

  private static void traffic(Rest api) {
    JsonObject _ =
        api.post(
            "/v1/services",
            new JsonObject()
                .put("name", "shop")
                .put(
                    "endpoints",
                    JsonArray.of(
                        JsonObject.of("host", "127.0.0.1", "port", Application.port()),
                        JsonObject.of("host", "127.0.0.1", "port", Application.CLOSED)))
                .put("balancing", JsonObject.of("policy", "least-requests"))
                .put(
                    "healthCheck",
                    JsonObject.of("type", "http", "path", "/health", "interval", "PT0.2S")));
    JsonObject _ =
        api.post(
            "/v1/services",
            new JsonObject()
                .put("name", "reports")
                .put(
                    "endpoints",
                    JsonArray.of(JsonObject.of("host", "127.0.0.1", "port", Application.port()))));
    JsonObject _ = api.post("/v1/routes", JsonObject.of("pathPrefix", "/", "service", "shop"));
    JsonObject _ =
        api.post(
            "/v1/routes",
            new JsonObject()
                .put("pathPrefix", "/api/reports")
                .put("methods", JsonArray.of("GET"))
                .put("service", "reports"));
  }

  private static void tenant(Rest api, String name, int number) {
    String slug = name.toLowerCase(Locale.ROOT).replace(' ', '-');
    String plan = List.of("starter", "team", "business").get(number % 3);
    JsonObject tenant =
        new JsonObject()
            .put("slug", slug)
            .put("name", name)
            .put("billing", JsonObject.of("plan", plan));
    if (number % 4 == 1) {
      tenant.put("config", JsonObject.of("region", "eu-central"));
    }
    if (number == 9) {
      tenant.put("status", "pending");
    }
    JsonObject _ = api.post("/v1/tenants", tenant);
    if (number == 4) {
      JsonObject _ =
          api.post("/v1/tenants/" + slug + "/suspend", JsonObject.of("reason", "Unpaid"));
    } else if (number == 6) {
      JsonObject _ = api.post("/v1/tenants/" + slug + "/archive", new JsonObject());
    }
  }

  private static void acme(Rest api) {
    JsonObject _ =
        api.post(
            "/v1/tenants",
            new JsonObject()
                .put("slug", "acme")
                .put("name", "Acme Corporation")
                .put("settings", JsonObject.of("timezone", "Europe/Berlin"))
                .put("limits", JsonObject.of("requestsPerSecond", 250))
                .put(
                    "billing", JsonObject.of("plan", "business", "email", "billing@acme.example")));
    String acme = "/v1/tenants/acme";
    JsonObject _ =
        api.post(
            acme + "/domains",
            JsonObject.of("host", "shop.acme.example", "role", "primary", "verification", "none"));
    JsonObject _ = api.post(acme + "/domains", JsonObject.of("host", "www.acme.example"));
    for (String subject : List.of("nightly-export", "mobile-app")) {
      JsonObject _ =
          api.post(
              acme + "/api-keys",
              JsonObject.of(
                  "subject", subject,
                  "roles", JsonArray.of("member"),
                  "scopes", JsonArray.of("orders.read")));
    }
    JsonObject _ =
        api.post(
            acme + "/invitations", JsonObject.of("email", "grace@acme.example", "role", "admin"));
    JsonObject _ =
        api.put(
            acme + "/schedule/end-trial",
            JsonObject.of("at", Instant.now().plus(Duration.ofDays(12)).toString()));
    JsonObject user =
        api.post(
            "/v1/users",
            JsonObject.of(
                "issuer", "https://id.acme.example",
                "subject", "ada",
                "email", "ada@acme.example",
                "displayName", "Ada Lovelace"));
    JsonObject _ =
        api.post(
            "/v1/users/" + user.getString("id") + "/memberships",
            JsonObject.of("tenant", "acme", "role", "owner"));
  }

  /** Waits for what a job does. */
  static void until(BooleanSupplier condition) {
    Instant end = Instant.now().plusSeconds(60);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("it has not come about");
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
