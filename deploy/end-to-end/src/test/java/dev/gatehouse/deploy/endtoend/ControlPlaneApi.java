package dev.gatehouse.deploy.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** An operator at the control plane, with the JDK's own client. */
final class ControlPlaneApi implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final RunningDemo demo;

  ControlPlaneApi(RunningDemo demo) {
    this.demo = demo;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  /** Posts JSON and waits for the gateways. */
  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=5")
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(demo.controlPlaneUrl() + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + demo.adminToken());
  }

  @Override
  public void close() {
    client.close();
  }
}
