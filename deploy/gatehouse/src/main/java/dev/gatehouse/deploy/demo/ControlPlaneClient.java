package dev.gatehouse.deploy.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The control plane's public API, as any other client uses it. Blocks. */
final class ControlPlaneClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client;
  private final String url;
  private final String operatorToken;

  ControlPlaneClient(HttpClient client, String url, String operatorToken) {
    this.client = client;
    this.url = url;
    this.operatorToken = operatorToken;
  }

  /** Reads a resource; empty if there is none. */
  Optional<JsonNode> find(String path) throws InterruptedException {
    HttpResponse<String> response = send(request(path).GET().build());
    return response.statusCode() == 404 ? Optional.empty() : Optional.of(succeeded(path, response));
  }

  /**
   * Posts a document; a repetition with the same key has no second effect. Returns when the gateway
   * knows of it.
   */
  JsonNode post(String path, String idempotencyKey, Map<String, ?> body)
      throws InterruptedException {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .header("Prefer", "wait=10")
            .POST(BodyPublishers.ofString(text(body)))
            .build();
    return succeeded(path, send(request));
  }

  /** Changes parts of a resource (RFC 7396), whatever its version is. */
  JsonNode patch(String path, Map<String, ?> body) throws InterruptedException {
    HttpResponse<String> current = send(request(path).GET().build());
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/merge-patch+json")
            .header("If-Match", current.headers().firstValue("ETag").orElse("*"))
            .header("Prefer", "wait=10")
            .method("PATCH", BodyPublishers.ofString(text(body)))
            .build();
    return succeeded(path, send(request));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + operatorToken);
  }

  private HttpResponse<String> send(HttpRequest request) throws InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new DemoException(
          "The control plane did not answer %s: %s".formatted(request.uri(), e));
    }
  }

  private static JsonNode succeeded(String path, HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new DemoException(
          "The control plane refused %s with status %d: %s"
              .formatted(path, response.statusCode(), response.body()));
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new DemoException(
          "The control plane answered %s with what is not JSON.".formatted(path));
    }
  }

  private static String text(Map<String, ?> body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of plain values have a JSON text", e);
    }
  }
}
