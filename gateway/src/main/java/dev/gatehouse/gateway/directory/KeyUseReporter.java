package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.FeedMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the control plane which API keys were used. A report that does not arrive is not repeated:
 * a key that is still used comes with a later one. Everything runs on one event loop.
 */
public final class KeyUseReporter {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUseReporter.class);
  private static final long TIMEOUT_MILLIS = 2000;

  private final Vertx vertx;
  private final FeedConfig config;
  private final KeyUses uses;
  private final HttpClient client;
  private boolean reporting;

  /**
   * @param vertx the one whose event loop sends the reports
   */
  public KeyUseReporter(Vertx vertx, FeedConfig config, KeyUses uses) {
    this.vertx = vertx;
    this.config = config;
    this.uses = uses;
    this.client = vertx.createHttpClient(config.clientOptions(Duration.ofMillis(TIMEOUT_MILLIS)));
  }

  /** Begins to report, once in so long. Returns at once. */
  public void start(Duration every) {
    vertx.runOnContext(_ -> vertx.setPeriodic(every.toMillis(), _ -> report()));
  }

  /** Ends what is under way. */
  public Future<Void> close() {
    return client.close();
  }

  private void report() {
    if (reporting) {
      return;
    }
    FeedMessage.KeysUsed used = uses.take();
    if (used.keys().isEmpty()) {
      return;
    }
    reporting = true;
    JsonObject keys = new JsonObject();
    used.keys().forEach((id, instant) -> keys.put(id, instant.toEpochMilli()));
    RequestOptions options =
        config
            .request(HttpMethod.POST, FeedMessage.KEYS_USED_PATH)
            .setTimeout(TIMEOUT_MILLIS)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    client
        .request(options)
        .compose(request -> request.send(JsonObject.of("keys", keys).toBuffer()))
        .compose(HttpClientResponse::body)
        .onComplete(result -> {
          reporting = false;
          if (result.failed()) {
            LOG.debug("the use of {} keys was not reported", keys.size(), result.cause());
          }
        });
  }
}
