package dev.gatehouse.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
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
    api.post(
        "/v1/routes", "demo-route", Map.of("hosts", "any", "pathPrefix", "/", "service", SERVICE));
    List<DemoTenant> tenants = new ArrayList<>();
    tenants.add(acme());
    tenants.add(globex());
    tenants.add(initech());
    return tenants;
  }

  private void service(int port) throws InterruptedException {
    List<Map<String, Object>> endpoints =
        List.of(Map.of("host", "127.0.0.1", "port", port, "tls", false));
    if (api.find("/v1/services/" + SERVICE).isEmpty()) {
      api.post("/v1/services", "demo-service", Map.of("name", SERVICE, "endpoints", endpoints));
    } else {
      api.patch("/v1/services/" + SERVICE, Map.of("endpoints", endpoints));
    }
  }

  private DemoTenant acme() throws IOException, InterruptedException {
    return tenant(
        "acme",
        Map.of(
            "slug",
            "acme",
            "name",
            "Acme Corporation",
            "config",
            Map.of("auth", Map.of("methods", List.of("api-key"))),
            "limits",
            Map.of("requestsPerSecond", 10_000, "burst", 20_000)));
  }

  /** Open to everybody, with a low limit and a domain of its own. */
  private DemoTenant globex() throws IOException, InterruptedException {
    DemoTenant globex =
        tenant(
            "globex",
            Map.of(
                "slug",
                "globex",
                "name",
                "Globex",
                "config",
                Map.of("auth", Map.of("methods", List.of("anonymous", "api-key"))),
                "limits",
                Map.of("requestsPerSecond", 5, "burst", 10)));
    api.post("/v1/tenants/globex/domains", "demo-globex-domain", Map.of("host", "globex.example"));
    return globex;
  }

  private DemoTenant initech() throws IOException, InterruptedException {
    DemoTenant initech =
        tenant(
            "initech",
            Map.of(
                "slug",
                "initech",
                "name",
                "Initech",
                "config",
                Map.of("auth", Map.of("methods", List.of("api-key")))));
    api.post(
        "/v1/tenants/initech/suspend",
        "demo-initech-suspension",
        Map.of("reason", "The invoice of last month is open."));
    return initech;
  }

  private DemoTenant tenant(String slug, Map<String, ?> document)
      throws IOException, InterruptedException {
    Optional<JsonNode> found = api.find("/v1/tenants/" + slug);
    JsonNode tenant =
        found.isPresent() ? found.get() : api.post("/v1/tenants", "demo-tenant-" + slug, document);
    return new DemoTenant(
        UUID.fromString(tenant.path("id").asText()),
        slug,
        urls.tenant(slug),
        urls.tenantHost(slug),
        apiKey(slug));
  }

  private String apiKey(String slug) throws IOException, InterruptedException {
    Optional<String> known = secrets.apiKey(slug);
    if (known.isPresent()) {
      return known.get();
    }
    JsonNode made =
        api.post(
            "/v1/tenants/" + slug + "/api-keys",
            "demo-api-key-" + slug,
            Map.of("subject", "demo", "roles", List.of("member")));
    String key = made.path("key").asText();
    secrets.keepApiKey(slug, key);
    return key;
  }
}
