package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.AccountMembership;
import dev.gatehouse.gateway.authenticate.remote.Form;
import dev.gatehouse.gateway.directory.FeedConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks the control plane of which tenants a user is a member. Any thread may call; futures complete
 * on the background's.
 */
final class Memberships {
  private static final int TIMEOUT_MILLIS = 2000;
  private static final int CONNECTIONS = 8;
  private static final int MAX_WAITING = 500;

  private final Vertx background;
  private final FeedConfig controlPlane;
  private final HttpClient http;

  Memberships(Vertx background, FeedConfig controlPlane) {
    this.background = background;
    this.controlPlane = controlPlane;
    this.http =
        background.createHttpClient(
            controlPlane.clientOptions(Duration.ofMillis(TIMEOUT_MILLIS)),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
  }

  /** All at tenants that are served. */
  Future<List<AccountMembership>> of(String issuer, String sub) {
    Form query = new Form().add("issuer", issuer).add("subject", sub);
    return send(HttpMethod.GET, "?" + query, Buffer.buffer())
        .map(found ->
            found
                .orElseThrow(() -> new IllegalStateException("the control plane answered 404"))
                .getJsonArray("memberships", new JsonArray())
                .stream()
                .map(JsonObject.class::cast)
                .map(Memberships::read)
                .toList());
  }

  /** Has it recorded that a user enters a tenant; empty if it is no member there. */
  Future<Optional<AccountMembership>> enter(String issuer, String sub, UUID tenant) {
    JsonObject entry = JsonObject.of("issuer", issuer, "subject", sub, "tenant", tenant.toString());
    return send(HttpMethod.POST, "", entry.toBuffer()).map(found -> found.map(Memberships::read));
  }

  private static AccountMembership read(JsonObject json) {
    return new AccountMembership(
        UUID.fromString(json.getString("tenant")),
        json.getString("slug"),
        json.getString("name"),
        json.getString("role"));
  }

  private Future<Optional<JsonObject>> send(HttpMethod method, String query, Buffer body) {
    RequestOptions options =
        controlPlane
            .request(method, AccountMembership.PATH + query)
            .setTimeout(TIMEOUT_MILLIS)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    Promise<Optional<JsonObject>> answered = Promise.promise();
    background.runOnContext(_ ->
        http.request(options)
            .compose(request -> request.send(body))
            .compose(Memberships::read)
            .onComplete(answered));
    return answered.future();
  }

  private static Future<Optional<JsonObject>> read(HttpClientResponse response) {
    return response
        .body()
        .compose(body -> {
          if (response.statusCode() == 404) {
            return Future.succeededFuture(Optional.empty());
          }
          if (response.statusCode() != 200) {
            return Future.failedFuture("the control plane answered " + response.statusCode());
          }
          try {
            return Future.succeededFuture(Optional.of(body.toJsonObject()));
          } catch (DecodeException e) {
            return Future.failedFuture(e);
          }
        });
  }
}
