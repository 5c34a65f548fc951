package dev.gatehouse.gateway.directory;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;

/** Asks the control plane, for five seconds at most. One event loop. */
public final class ControlPlaneClient {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final long TIMEOUT_MILLIS = 5_000;

  private final FeedConfig controlPlane;
  private final HttpClient client;

  public ControlPlaneClient(Vertx vertx, FeedConfig controlPlane) {
    this.controlPlane = controlPlane;
    this.client = vertx.createHttpClient(controlPlane.clientOptions(CONNECT));
  }

  /** What it has answered. */
  public record Answer(int statusCode, Buffer body) {}

  /** Sends JSON, and reads all of the answer. */
  public Future<Answer> send(HttpMethod method, String path, Buffer body) {
    RequestOptions options =
        controlPlane
            .request(method, path)
            .setTimeout(TIMEOUT_MILLIS)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    return client
        .request(options)
        .compose(request -> request.send(body))
        .compose(ControlPlaneClient::whole);
  }

  private static Future<Answer> whole(HttpClientResponse response) {
    return response.body().map(read -> new Answer(response.statusCode(), read));
  }

  /** Lets go of its connections. */
  public Future<Void> close() {
    return client.close();
  }
}
