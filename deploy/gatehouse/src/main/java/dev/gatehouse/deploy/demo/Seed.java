package dev.gatehouse.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes the demo's service, route and tenants over the public API. What is there already stays as
 * it is, also where somebody has changed it; only the service follows its port.
 */
final class Seed {
  static final String SERVICE = "sample";

  private final ControlPlaneClient api;
  private final DemoUrls urls;
  private final DemoSecrets secrets;

  Seed(ControlPlaneClient api, DemoUrls urls, DemoSecrets secrets) {
    this.api = api;
    this.urls = urls;
    this.secrets = secrets;
  }

  /**
   * @throws DemoException if the control plane refuses something
   * @throws IOException if an API key cannot be kept
   */
  List<DemoTenant> sow(DemoPorts ports) throws IOException, InterruptedException {
    service(ports.sample());
    route();
    return List.of(
        tenant(
            "acme",
            document("acme", "Acme Corporation", List.of("api-key"), limits(10_000, 20_000)),
            Optional.empty()),
        // Open to everybody, with a low limit and a domain of its own.
        tenant(
            "globex",
            document("globex", "Globex", List.of("anonymous", "api-key"), limits(5, 10)),
            Optional.of(
                new Step("domains", Map.of("host", "globex.example", "verification", "none")))),
        tenant(
            "initech",
            document("initech", "Initech", List.of("api-key"), limits(100, 200)),
            Optional.of(
                new Step("suspend", Map.of("reason", "The invoice of last month is open.")))));
  }

  /** What a tenant needs besides its document: a call below it. */
  private record Step(String path, Map<String, String> body) {}

  private void service(int port) throws InterruptedException {
    List<Map<String, Object>> endpoints =
        List.of(Map.of("host", "127.0.0.1", "port", port, "tls", false));
    if (api.find("/v1/services/" + SERVICE).isEmpty()) {
      api.post("/v1/services", "demo-service", Map.of("name", SERVICE, "endpoints", endpoints));
    } else {
      api.patch("/v1/services/" + SERVICE, Map.of("endpoints", endpoints));
    }
  }

  private void route() throws InterruptedException {
    boolean exists =
        api.find("/v1/routes").stream()
            .flatMap(page -> page.path("items").valueStream())
            .anyMatch(route -> route.path("service").asText().equals(SERVICE));
    if (!exists) {
      api.post(
          "/v1/routes",
          "demo-route",
          Map.of("hosts", "any", "pathPrefix", "/", "service", SERVICE));
    }
  }

  /** The API key is made and kept last: who has one is complete. */
  private DemoTenant tenant(String slug, Map<String, ?> document, Optional<Step> step)
      throws IOException, InterruptedException {
    String path = "/v1/tenants/" + secrets.tenantId(slug).orElse(slug);
    if (secrets.apiKey(slug).isEmpty()) {
      JsonNode made = api.post("/v1/tenants", "demo-tenant-" + slug, document);
      secrets.keepTenantId(slug, made.path("id").asText());
      if (step.isPresent()) {
        api.post(path + "/" + step.get().path(), "demo-step-" + slug, step.get().body());
      }
      JsonNode key =
          api.post(
              path + "/api-keys",
              "demo-api-key-" + slug,
              Map.of("subject", "demo", "roles", List.of("member")));
      secrets.keepApiKey(slug, key.path("secret").asText());
    }
    JsonNode tenant =
        api.find(path)
            .orElseThrow(() ->
                new DemoException(
                    "The tenant %s was deleted: start with an empty data directory to have it back."
                        .formatted(slug)));
    String called = tenant.path("slug").asText();
    return new DemoTenant(
        UUID.fromString(tenant.path("id").asText()),
        called,
        urls.tenant(called),
        urls.tenantHost(called),
        secrets.apiKey(slug).orElseThrow());
  }

  private static Map<String, ?> document(
      String slug, String name, List<String> methods, Map<String, ?> limits) {
    return Map.of(
        "slug",
        slug,
        "name",
        name,
        "config",
        Map.of("auth", Map.of("methods", methods)),
        "limits",
        limits);
  }

  private static Map<String, ?> limits(int requestsPerSecond, int burst) {
    return Map.of("requestsPerSecond", requestsPerSecond, "burst", burst);
  }
}
