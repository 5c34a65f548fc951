package dev.gatehouse.deploy.console;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls a server, as a program does. */
record Rest(String origin, String token) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  JsonObject get(String path) {
    return json("GET", path, "");
  }

  JsonObject post(String path, JsonObject body) {
    return json("POST", path, body.encode());
  }

  JsonObject put(String path, JsonObject body) {
    return json("PUT", path, body.encode());
  }

  JsonObject delete(String path) {
    return json("DELETE", path, "");
  }

  private JsonObject json(String method, String path, String body) {
    HttpResponse<String> answer =
        send(
            method,
            path,
            body,
            "Content-Type",
            "application/json",
            "Authorization",
            "Bearer " + token);
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(
          method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
  }

  HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
