package dev.gatehouse.controlplane.api;

import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.feed.GatewayFleet;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Binds the operations of the {@link ApiDocument} to the code that performs them, and does for each
 * what is the same for all: authentication, validation, the transaction, idempotency, entity tags
 * and {@code Prefer: wait}.
 *
 * <p>Used on the verticle's virtual threads only.
 */
public final class Api {
  private final ApiDocument document;
  private final Authenticator authenticator;
  private final Database database;
  private final IdempotencyStore idempotency;
  private final GatewayFleet fleet;
  private final Map<String, Action> actions = new HashMap<>();
  private final Map<String, StreamedAction> streamed = new HashMap<>();
  private final Map<String, Download> downloads = new HashMap<>();

  public Api(
      ApiDocument document,
      Authenticator authenticator,
      Database database,
      IdempotencyStore idempotency,
      GatewayFleet fleet) {
    this.document = document;
    this.authenticator = authenticator;
    this.database = database;
    this.idempotency = idempotency;
    this.fleet = fleet;
  }

  /** Says what an operation does; one that is no GET does it in a transaction. */
  public Api perform(String operationId, Action action) {
    if (actions.put(operationId, action) != null) {
      throw new IllegalStateException(operationId + " is bound twice");
    }
    return this;
  }

  /** Says what an operation does whose body is read as it comes. */
  public Api performStreamed(String operationId, StreamedAction action) {
    streamed.put(operationId, action);
    return this;
  }

  /** Says what a GET gives that is no JSON. */
  public Api download(String operationId, String mediaType, Download.Text text) {
    downloads.put(operationId, new Download(mediaType, text));
    return this;
  }

  /** Adds the routes whose bodies nobody may have read before. */
  public void mountStreamed(Router router) {
    for (ApiOperation operation : document.operations()) {
      StreamedAction action = streamed.remove(operation.id());
      if (action != null) {
        router
            .route(operation.method(), operation.path())
            .handler(context -> handleStreamed(context, operation, action));
      }
    }
    if (!streamed.isEmpty()) {
      throw new IllegalStateException("the document does not have " + streamed.keySet());
    }
  }

  /**
   * Adds a route for every other operation.
   *
   * @throws IllegalStateException if document and code do not have the same operations
   */
  public void mount(Router router) {
    byPath()
        .values()
        .forEach(operations -> {
          operations.forEach(operation -> mount(router, operation));
          // A path that is less specific may match, too: it has other methods.
          router.route(operations.getFirst().path()).handler(context -> context.fail(405));
        });
    if (!actions.isEmpty() || !downloads.isEmpty()) {
      throw new IllegalStateException(
          "the document does not have " + actions.keySet() + downloads.keySet());
    }
  }

  /** A name is more specific than a parameter in its place, and comes first. */
  private Map<String, List<ApiOperation>> byPath() {
    Map<String, List<ApiOperation>> paths = new TreeMap<>();
    document.operations().stream()
        .filter(operation -> operation.streamed().isEmpty())
        .forEach(operation ->
            paths
                .computeIfAbsent(operation.path().replace(':', '~'), _ -> new ArrayList<>())
                .add(operation));
    return paths;
  }

  private void mount(Router router, ApiOperation operation) {
    Route route = router.route(operation.method(), operation.path());
    if (operation.method().equals(HttpMethod.GET)) {
      route.method(HttpMethod.HEAD);
    }
    route.handler(handlerOf(operation));
  }

  private Handler<RoutingContext> handlerOf(ApiOperation operation) {
    Download download = downloads.remove(operation.id());
    if (download != null) {
      return context -> handle(context, operation, download);
    }
    Action action = actions.remove(operation.id());
    if (action == null) {
      throw new IllegalStateException("nothing performs the operation " + operation.id());
    }
    return context -> handle(context, operation, action);
  }

  private void handle(RoutingContext context, ApiOperation operation, Action action) {
    ApiRequest request = RequestReader.read(context, operation, caller(context, operation));
    if (operation.method().equals(HttpMethod.GET)) {
      Answer answer = database.withConnection(connection -> action.perform(request, connection));
      send(context, answer);
    } else {
      change(context, request, RequestReader.bodyOf(context), action);
    }
  }

  private void handle(RoutingContext context, ApiOperation operation, Download download) {
    ApiRequest request = RequestReader.read(context, operation, caller(context, operation));
    String text = database.withConnection(connection -> download.text().write(request, connection));
    context.response().putHeader("Content-Type", download.mediaType()).end(text);
  }

  private void handleStreamed(
      RoutingContext context, ApiOperation operation, StreamedAction action) {
    HttpServerRequest http = context.request().pause();
    try {
      ApiRequest request = RequestReader.read(context, operation, caller(context, operation));
      BodyStream body = BodyStream.of(http, RequestReader.streamedType(http, operation));
      if ("100-continue".equalsIgnoreCase(http.getHeader("Expect"))) {
        context.response().writeContinue();
      }
      Action end = action.receive(request, body);
      change(context, request, body.fingerprint(), end);
    } catch (RuntimeException e) {
      // What is still to come of the body is passed over.
      context.response().putHeader("Connection", "close");
      http.resume();
      throw e;
    }
  }

  private Optional<Caller> caller(RoutingContext context, ApiOperation operation) {
    if (!operation.secured()) {
      return Optional.empty();
    }
    String authorization = context.request().getHeader("Authorization");
    return Optional.of(authenticator.authenticate(Optional.ofNullable(authorization)));
  }

  private void change(RoutingContext context, ApiRequest request, Buffer body, Action action) {
    Optional<IdempotencyKey> key = idempotencyKey(context, request, body);
    Answer answer = database.inTransaction(tx -> performOnce(tx, key, request, action));
    awaitGateways(context, answer);
    send(context, answer);
  }

  private static Optional<IdempotencyKey> idempotencyKey(
      RoutingContext context, ApiRequest request, Buffer body) {
    HttpServerRequest http = context.request();
    if (!http.method().equals(HttpMethod.POST) || request.caller().isEmpty()) {
      return Optional.empty();
    }
    return IdempotencyKey.read(
        http.headers().getAll(IdempotencyKey.HEADER),
        request.caller().get(),
        http.method() + " " + http.uri(),
        body);
  }

  private Answer performOnce(
      SqlConnection tx, Optional<IdempotencyKey> key, ApiRequest request, Action action) {
    if (key.isEmpty()) {
      return action.perform(request, tx);
    }
    Optional<Answer> earlier = idempotency.begin(tx, key.get());
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Answer answer = action.perform(request, tx);
    idempotency.keep(tx, key.get(), answer);
    return answer;
  }

  private void awaitGateways(RoutingContext context, Answer answer) {
    Optional<Duration> wait = WaitPreference.in(context.request().headers().getAll("Prefer"));
    if (wait.isEmpty() || answer.revision().isEmpty()) {
      return;
    }
    List<String> lagging = fleet.awaitApplied(answer.revision().getAsLong(), wait.get());
    if (lagging.isEmpty()) {
      context.response().putHeader("Preference-Applied", "wait=" + wait.get().toSeconds());
    } else {
      context.response().putHeader("Gatehouse-Lagging", String.join(", ", lagging));
    }
  }

  private static void send(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response();
    answer.revision().ifPresent(r -> response.putHeader("Gatehouse-Revision", Long.toString(r)));
    answer.location().ifPresent(l -> response.putHeader("Location", l));
    answer.version().ifPresent(v -> response.putHeader("ETag", EntityTag.of(v)));
    if (callerHasIt(context.request(), answer)) {
      response.setStatusCode(304).end();
      return;
    }
    response.setStatusCode(answer.status());
    if (answer.body().isEmpty()) {
      response.end();
      return;
    }
    response.putHeader("Content-Type", "application/json").end(answer.body().get().toBuffer());
  }

  private static boolean callerHasIt(HttpServerRequest request, Answer answer) {
    List<String> ifNoneMatch = request.headers().getAll("If-None-Match");
    boolean read =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    return read
        && !ifNoneMatch.isEmpty()
        && answer.version().isPresent()
        && EntityTag.isKnown(String.join(",", ifNoneMatch), answer.version().getAsLong());
  }

  /** What an operation does. */
  @FunctionalInterface
  public interface Action {
    /**
     * Does it.
     *
     * @param request authenticated and valid
     * @param connection for a write, within its transaction
     * @throws ProblemException if the rules refuse it
     */
    Answer perform(ApiRequest request, SqlConnection connection);
  }

  /** What an operation does whose body is read as it comes. */
  @FunctionalInterface
  public interface StreamedAction {
    /**
     * Reads the body, outside of any transaction.
     *
     * @return what ends the request, in its transaction
     * @throws ProblemException if the rules refuse it; nothing of it may be left then
     */
    Action receive(ApiRequest request, BodyStream body);
  }
}
