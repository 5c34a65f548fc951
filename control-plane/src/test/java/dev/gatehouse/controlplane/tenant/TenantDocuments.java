package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.controlplane.Fresh;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.random.RandomGenerator;

/** Makes valid tenant documents, and breaks one thing in them. */
final class TenantDocuments {
  private final RandomGenerator random;

  TenantDocuments(RandomGenerator random) {
    this.random = random;
  }

  JsonObject valid() {
    JsonObject tenant =
        Fresh.tenant().put("name", oneOf("Acme", "Ünïcödé 漢字 😀", "a\"b\\c", "x/y~z"));
    maybe(tenant, "config", config());
    maybe(tenant, "customizations", customizations());
    maybe(tenant, "settings", settings());
    maybe(tenant, "features", features());
    maybe(tenant, "limits", limits());
    maybe(tenant, "billing", billing());
    return tenant;
  }

  /** A document that is wrong at one place. */
  record Broken(JsonObject document, String pointer) {}

  Broken broken() {
    JsonObject tenant = valid();
    return switch (random.nextInt(16)) {
      case 0 -> at(tenant, "settings", "timezone", oneOf("Mars/Olympus", "+02:00", "", "utc?"));
      case 1 -> at(tenant, "settings", "locale", oneOf("de_DE", "x", "123", ""));
      case 2 -> at(tenant, "settings", "currency", oneOf("EURO", "eur", "ZZZ", ""));
      case 3 -> at(tenant, "settings", "dateFormat", oneOf("{", "yyyy-bb", ""));
      case 4 -> at(tenant, "limits", "users", oneOf(0, -1, 1.5, "5", true));
      case 5 -> at(tenant, "limits", "requestsPerMonth", oneOf(999, 0, new JsonArray()));
      case 6 -> at(tenant, "billing", "provider", oneOf("", "Stripe", 1));
      case 7 -> at(tenant, "billing", "email", oneOf("@", "a", "a@b@c"));
      case 8 -> at(tenant, "config", "unknown~/field", 1, "/config/unknown~0~1field");
      case 9 ->
          at(
              tenant,
              "customizations",
              "branding",
              new JsonObject().put("primaryColor", oneOf("#FFFFFF", "red", "#12345")),
              "/customizations/branding/primaryColor");
      case 10 ->
          at(
              tenant,
              "customizations",
              "branding",
              new JsonObject()
                  .put("logo", oneOf("javascript:alert(1)", "//x", "https://u:p@x.de/")),
              "/customizations/branding/logo");
      case 11 ->
          at(
              tenant,
              "config",
              "auth",
              new JsonObject().put("methods", JsonArray.of("api-key", "password")),
              "/config/auth/methods/1");
      case 12 -> at(tenant, "limits", "weight", oneOf(0, 101, "1"));
      case 13 ->
          at(
              tenant,
              "config",
              "services",
              new JsonObject()
                  .put("shop", new JsonObject().put("endpoints", oneOf(new JsonArray(), 1))),
              "/config/services/shop/endpoints");
      case 14 -> new Broken(tenant.put("name", oneOf("", "  ", 1, "x".repeat(201))), "/name");
      default ->
          new Broken(
              tenant.put("slug", oneOf("Aa-a", "a", "-abc", "abc-", "a_b", "1ab", "a".repeat(41))),
              "/slug");
    };
  }

  private static Broken at(JsonObject tenant, String part, String member, Object value) {
    return at(tenant, part, member, value, "/" + part + "/" + member);
  }

  private static Broken at(
      JsonObject tenant, String part, String member, Object value, String pointer) {
    JsonObject object = tenant.getJsonObject(part, new JsonObject());
    return new Broken(tenant.put(part, object.put(member, value)), pointer);
  }

  private JsonObject config() {
    JsonObject database = new JsonObject().put("strategy", oneOf("shared", "schema", "database"));
    maybe(database, "encryption", new JsonObject().put("keyRotationDays", between(1, 3650)));
    maybe(database, "pooling", new JsonObject().put("maxConnections", between(1, 1000)));
    JsonObject config = new JsonObject();
    maybe(config, "database", database);
    maybe(config, "cache", new JsonObject().put("type", oneOf("shared", "isolated", "hybrid")));
    maybe(
        config, "storage", new JsonObject().put("provider", oneOf("s3", "gcs", "azure", "local")));
    maybe(
        config,
        "auth",
        new JsonObject().put("methods", oneOf(new JsonArray(), JsonArray.of("anonymous"))));
    maybe(config, "features", new JsonObject().put("a.b-c_d", random.nextBoolean()));
    maybe(config, "security", new JsonObject().put("compliance", JsonArray.of("gdpr", "hipaa")));
    return config;
  }

  private JsonObject customizations() {
    JsonObject branding =
        new JsonObject().put("primaryColor", "#%06x".formatted(random.nextInt(1 << 24)));
    maybe(branding, "logo", "https://cdn.example.com/logo.svg?v=1");
    JsonObject step = new JsonObject().put("action", "mail");
    JsonObject customizations = new JsonObject().put("branding", branding);
    maybe(
        customizations,
        "workflows",
        JsonArray.of(new JsonObject().put("name", "welcome").put("steps", JsonArray.of(step))));
    maybe(customizations, "api", new JsonObject().put("default", "v2"));
    return customizations;
  }

  private JsonObject settings() {
    return new JsonObject()
        .put("timezone", oneOf("Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"))
        .put("locale", oneOf("de", "de-CH", "zh-Hant-TW", "sr-Latn"))
        .put("currency", oneOf("EUR", "USD", "JPY"))
        .put("dateFormat", oneOf("yyyy-MM-dd", "dd. MMMM uuuu", "d/M/yy"))
        .put("numberFormat", oneOf("#,##0.00", "#.##0,00", "#'##0.##"));
  }

  private JsonObject features() {
    return new JsonObject()
        .put("authentication", new JsonObject().put("mfa", random.nextBoolean()))
        .put(
            "custom",
            new JsonObject()
                .put(
                    "deep",
                    new JsonObject()
                        .put("n", random.nextDouble())
                        .put("l", JsonArray.of(1, "a", true))
                        .put("big", random.nextLong())));
  }

  private JsonObject limits() {
    return new JsonObject()
        .put("requestsPerSecond", between(1, 1_000_000))
        .put("burst", between(1, 1_000_000))
        .put("requestsPerMonth", between(1000, 2_000_000_000))
        .put("customDomains", between(0, 1000))
        .put("webSockets", between(1, 1_000_000))
        .put("weight", between(1, 100))
        .put("custom", new JsonObject().put("seats.pro", between(0, 9)));
  }

  private JsonObject billing() {
    return new JsonObject()
        .put("provider", oneOf("stripe", "lemonsqueezy", "polar"))
        .put("customerReference", "cus_" + random.nextInt(1000))
        .put("email", "billing@example.com");
  }

  private void maybe(JsonObject object, String name, Object value) {
    if (random.nextInt(3) > 0) {
      object.put(name, value);
    }
  }

  private int between(int low, int high) {
    return random.nextInt(10) == 0 ? oneOf(low, high) : random.nextInt(low, high);
  }

  @SafeVarargs
  private <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
