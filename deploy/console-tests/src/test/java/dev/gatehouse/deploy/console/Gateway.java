package dev.gatehouse.deploy.console;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;

/** What follows the feed as a gateway does, and says at each heartbeat that it has all of it. */
final class Gateway {
  private Gateway() {}

  static void connect(String name, String origin, String token) {
    Thread _ = Thread.ofVirtual().name(name).start(() -> follow(name, origin, token));
  }

  private static void follow(String name, String origin, String token) {
    HttpRequest feed =
        HttpRequest.newBuilder(URI.create(origin + "/edge/v1/feed?gateway=" + name))
            .header("Authorization", "Bearer " + token)
            .build();
    Rest rest = new Rest(origin, token);
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Stream<String> lines = http.send(feed, HttpResponse.BodyHandlers.ofLines()).body()) {
      lines
          .map(JsonObject::new)
          .filter(line -> line.containsKey("revision"))
          .forEach(line -> {
            JsonObject _ =
                rest.post(
                    "/edge/v1/applied",
                    new JsonObject()
                        .put("gateway", name)
                        .put("revision", line.getLong("revision")));
          });
    } catch (IOException | RuntimeException _) {
      // The control plane has ended with the tests.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
