package dev.gatehouse.controlplane;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;

/** What the control plane has answered. */
public record Reply(HttpResponse<String> http) {
  public int status() {
    return http.statusCode();
  }

  public String text() {
    return http.body();
  }

  public JsonObject json() {
    return new JsonObject(http.body());
  }

  public String header(String name) {
    return http.headers().firstValue(name).orElse("");
  }

  /** The last part of a problem's type. */
  public String problem() {
    String prefix = "https://gatehouse.dev/problems/";
    String type =
        header("Content-Type").startsWith("application/problem+json")
            ? json().getString("type")
            : "";
    return type.startsWith(prefix) ? type.substring(prefix.length()) : "no problem: " + http.body();
  }

  /** The JSON pointers of a problem's errors. */
  public List<String> pointers() {
    return json().getJsonArray("errors", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .map(error -> error.getString("pointer", ""))
        .toList();
  }

  @Override
  public String toString() {
    return http.statusCode() + " " + http.body();
  }
}
