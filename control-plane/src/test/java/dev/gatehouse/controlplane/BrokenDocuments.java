package dev.gatehouse.controlplane;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.random.RandomGenerator;

/** Makes documents of services and routes that are wrong at one place. */
final class BrokenDocuments {
  private final CatalogDocuments documents;
  private final RandomGenerator random;

  /**
   * @param documents makes those that are broken then
   */
  BrokenDocuments(CatalogDocuments documents, RandomGenerator random) {
    this.documents = documents;
    this.random = random;
  }

  /** A document that is wrong at one place. */
  record Broken(JsonObject document, String pointer) {}

  Broken service() {
    JsonObject service = documents.service();
    return switch (random.nextInt(11)) {
      case 0 -> broken(service.put("endpoints", new JsonArray()), "/endpoints");
      case 1 -> {
        service.getJsonArray("endpoints").getJsonObject(0).put("weight", oneOf(0, 1001, "1"));
        yield broken(service, "/endpoints/0/weight");
      }
      case 2 -> at(service, "balancing", "slowStart", oneOf("PT1H1S", "-PT1S", "1m"));
      case 3 ->
          broken(
              service.put(
                  "balancing",
                  new JsonObject()
                      .put("policy", "consistent-hash")
                      .put("hashOn", oneOf("header", "cookie"))),
              "/balancing");
      case 4 ->
          broken(
              service
                  .put("protocol", "http/1.1")
                  .put("healthCheck", new JsonObject().put("type", "grpc")),
              "");
      case 5 -> at(service, "outlierDetection", "maxEjectedPercent", oneOf(-1, 51));
      case 6 -> at(service, "circuitBreaker", "openFor", oneOf("PT0.099S", "PT1H0.001S", "10s"));
      case 7 ->
          broken(
              service.put(
                  "retries", new JsonObject().put("onStatus", JsonArray.of(503, oneOf(430, 499)))),
              "/retries");
      case 8 -> at(service, "retries", "attempts", oneOf(0, 6, 1.5));
      case 9 -> at(service, "concurrency", "maxRequests", oneOf(0, 1_000_001));
      default -> broken(service.put("protocol", oneOf("h3", "HTTP/1.1", 2)), "/protocol");
    };
  }

  Broken route() {
    JsonObject route = documents.route();
    return switch (random.nextInt(12)) {
      case 0 -> broken(route.put("pathPrefix", "/a").put("pathExact", "/a"), "");
      case 1 -> {
        forwarded(route).remove("service");
        yield broken(route, "");
      }
      case 2 -> broken(forwarded(route).put("service", "nobody"), "/service");
      case 3 -> {
        route.remove("pathPrefix");
        route.remove("pathExact");
        route.remove("rewrite");
        yield broken(route.put("pathTemplate", oneOf("/{a}/{a}", "/{b}/x/{b}")), "");
      }
      case 4 ->
          broken(forwarded(route).put("rewrite", new JsonObject().put("path", "/{nobody}")), "");
      case 5 ->
          broken(
              forwarded(route)
                  .put(
                      "requestHeaders",
                      new JsonObject()
                          .put(
                              "set",
                              new JsonObject()
                                  .put(oneOf("Host", "x_tenant_id", "TE", "Forwarded"), "v"))),
              "/requestHeaders");
      case 6 ->
          broken(
              route.put(
                  "responseHeaders",
                  new JsonObject()
                      .put("add", new JsonObject().put("X-A", oneOf("a\r\nb", "a\n", " a")))),
              "/responseHeaders/add/X-A");
      case 7 ->
          broken(route.put("methods", JsonArray.of("GET", oneOf("get", "CONNECT"))), "/methods/1");
      case 8 ->
          broken(
              forwarded(route)
                  .put("mirror", new JsonObject().put("service", "nobody").put("percent", 1)),
              "/mirror/service");
      case 9 -> {
        JsonArray split = documents.destinations().getJsonArray("services");
        split.getJsonObject(1).put("tenants", JsonArray.of("0197c0de-0000-7000-8000-00000000dead"));
        forwarded(route).remove("service");
        yield broken(
            route.put("destinations", new JsonObject().put("services", split)),
            "/destinations/services/1/tenants");
      }
      case 10 -> {
        JsonObject version = new JsonObject().put("name", "a");
        JsonObject versions =
            new JsonObject()
                .put("defaultVersion", "a")
                .put("versions", JsonArray.of(version, version.copy().put("prefix", "/b")));
        yield broken(forwarded(route).put("versions", versions), "/versions");
      }
      default ->
          broken(
              forwarded(route)
                  .put(
                      "headers",
                      JsonArray.of(
                          new JsonObject().put("name", "A").put("value", "b").put("absent", true))),
              "/headers/0");
    };
  }

  private JsonObject forwarded(JsonObject route) {
    route.remove("redirect");
    route.remove("destinations");
    return route.put("service", documents.firstService());
  }

  private Broken at(JsonObject document, String part, String member, Object value) {
    JsonObject object = document.getJsonObject(part, new JsonObject());
    if (part.equals("balancing")) {
      object.put("policy", "round-robin");
    }
    return broken(document.put(part, object.put(member, value)), "/" + part + "/" + member);
  }

  private static Broken broken(JsonObject document, String pointer) {
    return new Broken(document, pointer);
  }

  @SafeVarargs
  private <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
