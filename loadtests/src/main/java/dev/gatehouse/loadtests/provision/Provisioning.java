package dev.gatehouse.loadtests.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

/** Makes tenants over the control plane's API and asks the gateway for each at once. */
final class Provisioning implements AutoCloseable {
  /** The demo's base domain. */
  private static final String BASE_DOMAIN = "localhost";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String controlPlaneUrl;
  private final String adminToken;
  private final String gatewayUrl;

  Provisioning(String controlPlaneUrl, String adminToken, String gatewayUrl) {
    this.controlPlaneUrl = controlPlaneUrl;
    this.adminToken = adminToken;
    this.gatewayUrl = gatewayUrl;
  }

  /**
   * Creates a tenant, then its key, each applied by every gateway before its answer, and sends one
   * request with the key.
   *
   * @throws IOException if a step is not answered as it must be
   */
  Duration timeToFirstAnswer() throws IOException, InterruptedException {
    String slug = "p-" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    long begin = System.nanoTime();
    JsonNode tenant =
        create("/v1/tenants", JSON.createObjectNode().put("slug", slug).put("name", slug));
    JsonNode key =
        create(
            "/v1/tenants/" + tenant.get("id").asText() + "/api-keys",
            JSON.createObjectNode().put("subject", "loadtest"));
    ask(slug + "." + BASE_DOMAIN, key.get("secret").asText());
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public void close() {
    client.close();
  }

  private JsonNode create(String path, JsonNode body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(controlPlaneUrl + path))
            .header("Authorization", "Bearer " + adminToken)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=5")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201 || answer.headers().firstValue("Preference-Applied").isEmpty()) {
      throw new IOException(
          "expected 201 with Preference-Applied at %s, found %d: %s"
              .formatted(path, answer.statusCode(), answer.body()));
    }
    return JSON.readTree(answer.body());
  }

  private void ask(String host, String apiKey) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gatewayUrl + "/whoami"))
            .header("Host", host)
            .header("X-API-Key", apiKey)
            .build();
    int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException("the first request of " + host + " was answered " + status);
    }
  }
}
