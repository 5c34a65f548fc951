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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Binds the operations of the {@link ApiDocument} to the code that performs them, and does for each
 * what is the same for all: authentication, validation, the transaction, idempotency, entity tags
 * and {@code Prefer: wait}.
 *
 * <p>Used on the verticle's virtual threads only.
 */
public final class Api {
  private final ApiDocument document;
  private final AccessControl access;
  private final RateLimits limits;
  private final Database database;
  private final IdempotencyStore idempotency;
  private final GatewayFleet fleet;
  private final AuditTrail audit;
  private final Map<String, Action> actions = new HashMap<>();
  private final Map<String, Function<ApiRequest, Action>> preparations = new HashMap<>();
  private final Set<String> computed = new HashSet<>();
  private final Map<String, Streaming> streams = new HashMap<>();
  private final Map<String, StreamedAction> streamed = new HashMap<>();

  public Api(
      ApiDocument document,
      AccessControl access,
      RateLimits limits,
      Database database,
      IdempotencyStore idempotency,
      GatewayFleet fleet,
      AuditTrail audit) {
    this.document = document;
    this.access = access;
    this.limits = limits;
    this.database = database;
    this.idempotency = idempotency;
    this.fleet = fleet;
    this.audit = audit;
  }

  /** Says what an operation does; one that is no GET does it in a transaction. */
  public Api perform(String operationId, Action action) {
    if (actions.put(operationId, action) != null) {
      throw new IllegalStateException(operationId + " is bound twice");
    }
    return this;
  }

  /**
   * Says what an operation does that has to ask another server before: that is done outside of its
   * transaction, so that nothing waits in the database for an answer.
   *
   * @param preparation asks, and says what is done in the transaction
   */
  public Api performAfter(String operationId, Function<ApiRequest, Action> preparation) {
    preparations.put(operationId, preparation);
    return perform(
        operationId,
        (_, _) -> {
          throw new IllegalStateException(operationId + " was not prepared");
        });
  }

  /**
   * Says what an operation does that changes nothing though it is no GET, since what it is asked
   * for must not stand in a URL. It has no transaction, and leaves nothing in the audit trail where
   * it is not refused.
   */
  public Api compute(String operationId, Action action) {
    computed.add(operationId);
    return perform(operationId, action);
  }

  /** Says how an operation writes an answer that is too long for one piece, or no JSON. */
  public Api stream(String operationId, Streaming streaming) {
    if (streams.put(operationId, streaming) != null) {
      throw new IllegalStateException(operationId + " is bound twice");
    }
    return this;
  }

  /** Says what an operation does whose body is read as it comes. */
  public Api performStreamed(String operationId, StreamedAction action) {
    if (streamed.put(operationId, action) != null) {
      throw new IllegalStateException(operationId + " is bound twice");
    }
    return this;
  }

  /** Adds the routes whose bodies nobody may have read before. */
  public void mountStreamed(Router router) {
    for (ApiOperation operation : document.operations()) {
      StreamedAction action = streamed.remove(operation.id());
      if (action != null) {
        router
            .route(operation.method(), operation.path())
            .handler(context -> receive(context, operation, action));
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
    if (!actions.isEmpty() || !streams.isEmpty()) {
      throw new IllegalStateException(
          "the document does not have " + actions.keySet() + streams.keySet());
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
    boolean inOnePiece = actions.containsKey(operation.id());
    Handler<RoutingContext> handler = handlerOf(operation);
    Route route = router.route(operation.method(), operation.path());
    if (inOnePiece && operation.method().equals(HttpMethod.GET)) {
      route.method(HttpMethod.HEAD);
    }
    route.handler(handler);
  }

  private Handler<RoutingContext> handlerOf(ApiOperation operation) {
    Action action = actions.remove(operation.id());
    Streaming streaming = streams.remove(operation.id());
    if (action != null) {
      return context -> answered(context, operation, request -> handle(context, request, action));
    } else if (streaming != null) {
      return context ->
          answered(context, operation, request -> streaming.write(request, context.response()));
    }
    throw new IllegalStateException("nothing performs the operation " + operation.id());
  }

  /** Does what is asked for, and tells the audit trail where it is refused. */
  private void answered(
      RoutingContext context, ApiOperation operation, Consumer<ApiRequest> performance) {
    Optional<Caller> caller = Optional.empty();
    try {
      caller = callerOf(context, operation);
      performance.accept(RequestReader.read(context, operation, caller));
    } catch (ProblemException problem) {
      audit.refused(operation.id(), RequestOrigin.of(context), caller, problem);
      throw problem;
    }
  }

  private Optional<Caller> callerOf(RoutingContext context, ApiOperation operation) {
    return operation.secured() ? Optional.of(admit(context, operation)) : Optional.empty();
  }

  private void handle(RoutingContext context, ApiRequest request, Action action) {
    if (request.operation().method().equals(HttpMethod.GET)
        || computed.contains(request.operationId())) {
      Answer answer = database.withConnection(connection -> action.perform(request, connection));
      send(context, answer);
    } else {
      Function<ApiRequest, Action> preparation = preparations.get(request.operationId());
      Action prepared = preparation == null ? action : preparation.apply(request);
      change(context, request, RequestReader.bodyOf(context), prepared);
    }
  }

  private void receive(RoutingContext context, ApiOperation operation, StreamedAction action) {
    HttpServerRequest http = context.request().pause();
    try {
      answered(
          context,
          operation,
          request -> {
            Optional<IdempotencyKey> _ = idempotencyKey(context, request, Buffer.buffer());
            BodyStream body = BodyStream.of(http, RequestReader.streamedType(http, operation));
            if ("100-continue".equalsIgnoreCase(http.getHeader("Expect"))) {
              context.response().writeContinue();
            }
            Received received = action.receive(request, body);
            try {
              change(context, request, body.fingerprint(), received.end());
            } finally {
              received.discard().run();
            }
          });
    } catch (RuntimeException e) {
      // What is still to come of the body is passed over.
      context.response().putHeader("Connection", "close");
      http.resume();
      throw e;
    }
  }

  private void change(RoutingContext context, ApiRequest request, Buffer body, Action action) {
    Optional<IdempotencyKey> key = idempotencyKey(context, request, body);
    Answer answer = database.inTransaction(tx -> performOnce(tx, key, request, action));
    awaitGateways(context, answer);
    send(context, answer);
  }

  private Caller admit(RoutingContext context, ApiOperation operation) {
    Caller caller = limits.authenticate(context, access::authenticate);
    limits.take(context, caller);
    return access.authorize(caller, operation, Optional.ofNullable(context.pathParam("tenant")));
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
      return performAudited(tx, request, action);
    }
    Optional<Answer> earlier = idempotency.begin(tx, key.get());
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Answer answer = performAudited(tx, request, action);
    idempotency.keep(tx, key.get(), answer);
    return answer;
  }

  private Answer performAudited(SqlConnection tx, ApiRequest request, Action action) {
    Answer answer = action.perform(request, tx);
    audit.performed(tx, request, answer);
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

  /** How an operation writes its answer. */
  @FunctionalInterface
  public interface Streaming {
    /**
     * Writes it and ends it, waiting for the reader where that is slower.
     *
     * @param request authenticated and valid
     * @throws ProblemException if it is refused; only before anything was written
     */
    void write(ApiRequest request, HttpServerResponse response);
  }

  /** What an operation does whose body is read as it comes. */
  @FunctionalInterface
  public interface StreamedAction {
    /**
     * Reads the body, outside of any transaction.
     *
     * @return what ends the request
     * @throws ProblemException if the rules refuse it; nothing of it may be left then
     */
    Received receive(ApiRequest request, BodyStream body);
  }

  /**
   * What came of a body.
   *
   * @param end what is done with it, in the request's transaction; not called where the request was
   *     answered before
   * @param discard forgets what {@code end} has not taken; called in any case
   */
  public record Received(Action end, Runnable discard) {}
}
