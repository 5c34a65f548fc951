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
  /** Where a request being served says which operation it is for: the id, in its context. */
  public static final String OPERATION = "dev.gatehouse.operation";

  private final ApiDocument document;
  private final AccessControl access;
  private final RateLimits limits;
  private final AuditTrail audit;
  private final Performer performer;
  private final Map<String, Action> actions = new HashMap<>();
  private final Map<String, Function<ApiRequest, Action>> preparations = new HashMap<>();
  private final Map<String, Function<ApiRequest, Answer>> questions = new HashMap<>();
  private final Set<String> computed = new HashSet<>();
  private final Map<String, Streaming> streams = new HashMap<>();
  private final Map<String, StreamedAction> streamed = new HashMap<>();

  /** What can be called from within, once all is mounted. */
  private final Map<String, Bound> bound = new HashMap<>();

  private record Bound(ApiOperation operation, Action action) {}

  /** The same of what is written as it is read. */
  private final Map<String, BoundStream> boundStreams = new HashMap<>();

  private record BoundStream(ApiOperation operation, Streaming streaming) {}

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
    this.audit = audit;
    this.performer = new Performer(database, idempotency, fleet, audit);
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

  /**
   * Says what an operation does that waits for somebody else's answer, and changes nothing though
   * it is no GET. It holds no connection to the database, and leaves nothing in the audit trail
   * where it is not refused.
   */
  public Api ask(String operationId, Function<ApiRequest, Answer> question) {
    questions.put(operationId, question);
    return perform(
        operationId,
        (_, _) -> {
          throw new IllegalStateException(operationId + " needs no connection");
        });
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
      bound.put(operation.id(), new Bound(operation, action));
      return context ->
          answered(
              context,
              operation,
              request -> send(context, perform(new HttpParts(context), request, action)));
    } else if (streaming != null) {
      boundStreams.put(operation.id(), new BoundStream(operation, streaming));
      return context ->
          answered(context, operation, request -> streaming.write(request, context.response()));
    }
    throw new IllegalStateException("nothing performs the operation " + operation.id());
  }

  /**
   * Performs an operation for a caller within the process, by all the rules that hold for one who
   * comes over HTTP.
   *
   * @param caller who asks, authenticated
   * @param origin from where the caller's own request came
   * @throws ProblemException if it is refused
   */
  public Outcome call(Caller caller, RequestOrigin origin, ApiCall call) {
    Bound target = bound.get(call.operationId());
    if (target == null) {
      throw new IllegalStateException("nothing performs the operation " + call.operationId());
    }
    RequestParts parts = call.partsFor(target.operation());
    return admitted(
        caller,
        origin,
        call,
        target.operation(),
        parts,
        request -> perform(parts, request, target.action()));
  }

  /**
   * Writes what an operation answers that is too long for one piece, or no JSON, for a caller
   * within the process.
   *
   * @throws ProblemException if it is refused; only before anything was written
   */
  public void write(
      Caller caller, RequestOrigin origin, ApiCall call, HttpServerResponse response) {
    BoundStream target = boundStreams.get(call.operationId());
    if (target == null) {
      throw new IllegalStateException("nothing writes the operation " + call.operationId());
    }
    boolean _ =
        admitted(
            caller,
            origin,
            call,
            target.operation(),
            call.partsFor(target.operation()),
            request -> {
              target.streaming().write(request, response);
              return true;
            });
  }

  /**
   * Does what a caller within the process asks for, and tells the audit trail where it is refused.
   */
  private <T> T admitted(
      Caller caller,
      RequestOrigin origin,
      ApiCall call,
      ApiOperation operation,
      RequestParts parts,
      Function<ApiRequest, T> performance) {
    try {
      RateLimit.State _ = limits.take(caller);
      Caller here =
          access.authorize(caller, operation, Optional.ofNullable(call.path().get("tenant")));
      return performance.apply(RequestReader.read(parts, operation, Optional.of(here), origin));
    } catch (ProblemException problem) {
      audit.refused(operation.id(), origin, Optional.of(caller), problem);
      throw problem;
    }
  }

  /** Does what is asked for, and tells the audit trail where it is refused. */
  private void answered(
      RoutingContext context, ApiOperation operation, Consumer<ApiRequest> performance) {
    context.put(OPERATION, operation.id());
    RequestOrigin origin = RequestOrigin.of(context);
    Optional<Caller> caller = Optional.empty();
    try {
      caller = callerOf(context, operation);
      performance.accept(RequestReader.read(new HttpParts(context), operation, caller, origin));
    } catch (ProblemException problem) {
      audit.refused(operation.id(), origin, caller, problem);
      throw problem;
    }
  }

  private Optional<Caller> callerOf(RoutingContext context, ApiOperation operation) {
    return operation.secured() ? Optional.of(admit(context, operation)) : Optional.empty();
  }

  private Outcome perform(RequestParts parts, ApiRequest request, Action action) {
    Function<ApiRequest, Answer> question = questions.get(request.operationId());
    if (question != null) {
      return Outcome.of(question.apply(request));
    }
    if (request.operation().method().equals(HttpMethod.GET)
        || computed.contains(request.operationId())) {
      return performer.read(request, action);
    }
    Function<ApiRequest, Action> preparation = preparations.get(request.operationId());
    Action prepared = preparation == null ? action : preparation.apply(request);
    return performer.change(parts, request, parts.body(), prepared);
  }

  private void receive(RoutingContext context, ApiOperation operation, StreamedAction action) {
    HttpServerRequest http = context.request().pause();
    RequestParts parts = new HttpParts(context);
    try {
      answered(
          context,
          operation,
          request -> {
            Optional<IdempotencyKey> _ = Performer.idempotencyKey(parts, request, Buffer.buffer());
            BodyStream body = BodyStream.of(http, RequestReader.streamedType(parts, operation));
            if ("100-continue".equalsIgnoreCase(http.getHeader("Expect"))) {
              context.response().writeContinue();
            }
            Received received = action.receive(request, body);
            try {
              send(context, performer.change(parts, request, body.fingerprint(), received.end()));
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

  private Caller admit(RoutingContext context, ApiOperation operation) {
    Caller caller = limits.authenticate(context, access::authenticate);
    limits.take(context, caller);
    return access.authorize(caller, operation, Optional.ofNullable(context.pathParam("tenant")));
  }

  private static void send(RoutingContext context, Outcome outcome) {
    HttpServerResponse response = context.response();
    outcome
        .waited()
        .ifPresent(wait -> {
          if (outcome.lagging().isEmpty()) {
            response.putHeader("Preference-Applied", "wait=" + wait.toSeconds());
          } else {
            response.putHeader("Gatehouse-Lagging", String.join(", ", outcome.lagging()));
          }
        });
    send(context, outcome.answer());
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
