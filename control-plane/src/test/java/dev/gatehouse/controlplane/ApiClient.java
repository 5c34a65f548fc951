package dev.gatehouse.controlplane;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls the API with a token, as any client does. Any thread. */
public final class ApiClient {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String origin;
  private final String token;

  ApiClient(int port, String token) {
    this.origin = "http://127.0.0.1:" + port;
    this.token = token;
  }

  public Reply get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  public Reply post(String path, JsonObject body, String... headers) {
    return send("POST", path, body.encode(), with(headers, "Content-Type", "application/json"));
  }

  public Reply post(String path) {
    return send("POST", path, "");
  }

  public Reply put(String path, JsonObject body, String... headers) {
    return send("PUT", path, body.encode(), with(headers, "Content-Type", "application/json"));
  }

  public Reply patch(String path, JsonObject patch, String... headers) {
    return send(
        "PATCH",
        path,
        patch.encode(),
        with(headers, "Content-Type", "application/merge-patch+json"));
  }

  public Reply delete(String path, String... headers) {
    return send("DELETE", path, "", headers);
  }

  public Reply send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + path))
            .timeout(Duration.ofSeconds(45))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Reply(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String[] with(String[] headers, String name, String value) {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = name;
    all[headers.length + 1] = value;
    return all;
  }
}
