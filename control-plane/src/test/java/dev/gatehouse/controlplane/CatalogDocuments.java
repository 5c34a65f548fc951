package dev.gatehouse.controlplane;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Makes valid documents of services and routes. */
final class CatalogDocuments {
  private final RandomGenerator random;
  private final List<String> services;
  private final String tenant;
  private int made;

  /**
   * @param services that exist; three at least
   * @param tenant the id of one that exists
   */
  CatalogDocuments(RandomGenerator random, List<String> services, String tenant) {
    this.random = random;
    this.services = services;
    this.tenant = tenant;
  }

  JsonObject service() {
    JsonObject service =
        new JsonObject().put("name", "made-" + made++).put("endpoints", endpoints());
    boolean http2 = maybe(service, "protocol", "h2");
    maybe(service, "connectTimeout", duration("PT0.001S", "PT2S", "PT10M"));
    maybe(service, "responseTimeout", duration("PT0.001S", "PT30S", "PT10M"));
    maybe(service, "totalTimeout", duration("PT1M"));
    maybe(service, "balancing", balancing());
    maybe(service, "healthCheck", healthCheck(http2));
    maybe(service, "outlierDetection", outlierDetection());
    maybe(service, "circuitBreaker", circuitBreaker());
    maybe(service, "retries", retries());
    maybe(service, "concurrency", concurrency());
    maybe(service, "compression", random.nextBoolean());
    maybe(service, "messageSignature", messageSignature());
    return service;
  }

  JsonObject route() {
    JsonObject route = new JsonObject().put("hosts", oneOf("any", "subdomain", "custom"));
    String path = "/made/" + made++;
    boolean template = false;
    switch (random.nextInt(3)) {
      case 0 -> route.put("pathPrefix", path);
      case 1 -> route.put("pathExact", path + oneOf("", "/"));
      default -> {
        route.put("pathTemplate", path + "/{id}/lines/{line_2}");
        template = true;
      }
    }
    maybe(route, "methods", JsonArray.of("GET", "PUT"));
    maybe(route, "headers", conditions());
    maybe(route, "responseHeaders", headerChanges());
    if (random.nextInt(4) == 0) {
      return route.put("redirect", redirect());
    }
    if (random.nextBoolean()) {
      route.put("service", someService());
    } else {
      route.put("destinations", destinations());
    }
    maybe(route, "versions", versions());
    maybe(
        route,
        "rewrite",
        template
            ? new JsonObject().put("path", "/x-{line_2}/{id}")
            : new JsonObject().put("prefix", "/").put("host", "[::1]:8080"));
    maybe(route, "requestHeaders", headerChanges());
    maybe(
        route, "mirror", new JsonObject().put("service", someService()).put("percent", upTo(100)));
    maybe(route, "totalTimeout", duration("PT5S"));
    return route;
  }

  /** Without a secret, which is not given back. */
  private JsonObject messageSignature() {
    JsonObject signature = new JsonObject().put("algorithm", "ed25519");
    maybe(signature, "contentDigest", upTo(1_048_576));
    return signature;
  }

  private JsonArray endpoints() {
    JsonArray endpoints = new JsonArray();
    for (int i = 0; i <= random.nextInt(3); i++) {
      JsonObject endpoint =
          new JsonObject()
              .put("host", oneOf("10.0.0.7", "::1", "shop.internal"))
              .put("port", 8000 + i);
      maybe(endpoint, "tls", random.nextBoolean());
      maybe(endpoint, "weight", upTo(1000));
      maybe(endpoint, "zone", "eu-1a");
      maybe(endpoint, "region", "eu");
      endpoints.add(endpoint);
    }
    return endpoints;
  }

  private JsonObject balancing() {
    JsonObject balancing =
        switch (random.nextInt(3)) {
          case 0 -> new JsonObject().put("policy", oneOf("round-robin", "least-requests"));
          case 1 ->
              new JsonObject()
                  .put("policy", "consistent-hash")
                  .put("hashOn", oneOf("principal", "tenant"));
          default ->
              new JsonObject()
                  .put("policy", "consistent-hash")
                  .put("hashOn", oneOf("header", "cookie"))
                  .put("hashName", "X-Session_id");
        };
    maybe(balancing, "slowStart", duration("PT0S", "PT30S", "PT1H"));
    return balancing;
  }

  private JsonObject healthCheck(boolean http2) {
    JsonObject check = new JsonObject().put("type", http2 ? "grpc" : oneOf("http", "tcp"));
    maybe(check, "path", "/health?deep=1");
    maybe(check, "expectedStatus", oneOf(200, 599));
    maybe(check, "grpcService", "shop.v1.Orders");
    maybe(check, "interval", duration("PT0.1S", "PT5S", "PT1H"));
    maybe(check, "timeout", duration("PT0.01S", "PT1M"));
    maybe(check, "healthyThreshold", upTo(100));
    maybe(check, "unhealthyThreshold", upTo(100));
    return check;
  }

  private JsonObject outlierDetection() {
    JsonObject outliers = new JsonObject();
    maybe(outliers, "consecutiveFailures", upTo(1000));
    maybe(outliers, "ejectionTime", duration("PT0.1S", "PT1H"));
    maybe(outliers, "maxEjectionTime", duration("PT0.1S", "P1D"));
    maybe(outliers, "maxEjectedPercent", oneOf(0, 50));
    return outliers;
  }

  private JsonObject circuitBreaker() {
    JsonObject breaker = new JsonObject();
    maybe(breaker, "failureRatePercent", upTo(100));
    maybe(breaker, "window", upTo(10_000));
    maybe(breaker, "minimumRequests", upTo(10_000));
    maybe(breaker, "openFor", duration("PT0.1S", "PT1H"));
    maybe(breaker, "trials", upTo(1000));
    return breaker;
  }

  private JsonObject retries() {
    JsonObject retries = new JsonObject();
    maybe(retries, "attempts", upTo(5));
    maybe(retries, "onStatus", oneOf(new JsonArray(), JsonArray.of(429, 500, 599)));
    maybe(retries, "budgetPercent", oneOf(0, 100));
    maybe(retries, "hedgeAfter", duration("PT0.001S", "PT1M"));
    return retries;
  }

  private JsonObject concurrency() {
    JsonObject concurrency = new JsonObject();
    maybe(concurrency, "maxRequests", upTo(1_000_000));
    maybe(concurrency, "maxWaiting", oneOf(0, 100_000));
    maybe(concurrency, "maxWaitingPerTenant", oneOf(0, 100_000));
    maybe(concurrency, "maxWait", duration("PT0.001S", "PT1M"));
    maybe(concurrency, "maxConnections", upTo(100_000));
    return concurrency;
  }

  private JsonArray conditions() {
    return JsonArray.of(
        new JsonObject().put("name", "Accept"),
        new JsonObject().put("name", "x-beta").put("value", oneOf("", "a b")),
        new JsonObject().put("name", "X-Old").put("absent", true));
  }

  private JsonObject headerChanges() {
    JsonObject changes = new JsonObject();
    maybe(changes, "remove", JsonArray.of("Cookie", "x-powered-by"));
    maybe(changes, "set", new JsonObject().put("X-Area", oneOf("", "a", "a, b;c=\"d\"")));
    maybe(changes, "add", new JsonObject().put("Vary", "X-Area"));
    return changes;
  }

  private JsonObject redirect() {
    JsonObject redirect =
        new JsonObject().put("host", oneOf("a.example", "a.example:8443", "10.0.0.1", "[::1]:1"));
    maybe(redirect, "status", oneOf(301, 302, 303, 307, 308));
    maybe(redirect, "scheme", oneOf("http", "https"));
    maybe(redirect, oneOf("path", "prefix"), "/new");
    return redirect;
  }

  JsonObject destinations() {
    JsonArray split = new JsonArray();
    IntStream.rangeClosed(0, 1)
        .forEach(i ->
            split.add(
                new JsonObject()
                    .put("service", services.get(i))
                    .put("weight", upTo(1000) - 1 + i)));
    JsonObject destinations = new JsonObject().put("services", split);
    maybe(split.getJsonObject(0), "tenants", JsonArray.of(tenant));
    maybe(destinations, "splitBy", oneOf("tenant", "principal", "request"));
    return destinations;
  }

  private JsonObject versions() {
    JsonObject old = new JsonObject().put("name", "2025-01.v1");
    maybe(old, "service", someService());
    maybe(old, "prefix", "/v1");
    maybe(old, "header", "X-Version");
    maybe(old, "deprecatedAt", "2026-01-01T00:00:00Z");
    maybe(old, "sunsetAt", "2030-01-01T01:00:00.5+01:00");
    maybe(old, "link", "https://docs.example.com/v1?a=b#c");
    JsonObject versions =
        new JsonObject()
            .put("defaultVersion", oneOf("v2", "2025-01.v1"))
            .put("versions", JsonArray.of(old, new JsonObject().put("name", "v2")));
    maybe(versions, "header", "X-Api-Version");
    return versions;
  }

  String firstService() {
    return services.getFirst();
  }

  private String someService() {
    return services.get(random.nextInt(services.size()));
  }

  private boolean maybe(JsonObject object, String name, Object value) {
    boolean put = random.nextBoolean();
    if (put) {
      object.put(name, value);
    }
    return put;
  }

  private String duration(String... choices) {
    return oneOf(choices);
  }

  private int upTo(int most) {
    return random.nextInt(4) == 0 ? oneOf(1, most) : 1 + random.nextInt(most);
  }

  @SafeVarargs
  private <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
