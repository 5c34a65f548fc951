package dev.gatehouse.contract.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.context.TenantContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the control plane where tenants' data are, and remembers it: {@code GET
 * /v1/tenants/ID/connection}. A request waits for the control plane when its tenant was not asked
 * for before, or cannot log in with what is known; and never while that serves. It shows the signed
 * context of the request, so that an application that was taken over learns no more than the
 * requests that it sees. Any thread; never blocks.
 */
public final class ControlPlaneConnections implements ConnectionSource {
  private static final JsonMapper JSON = JsonMapper.builder().addModule(new Jdk8Module()).build();
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final Duration FRESH = Duration.ofMinutes(5);
  private static final Duration USABLE = Duration.ofHours(24);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int MOST_TENANTS = 20_000;
  private static final int MOST_AT_ONCE = 16;

  private final URI controlPlane;
  private final Supplier<String> token;
  private final HttpClient client;

  /** Those that wait for their turn, at most one for each that is known. Guarded by the map. */
  private final Queue<Runnable> queue = new ArrayDeque<>();

  private int underWay;
  private final Map<Place, Known> known = new LinkedHashMap<>(16, 0.75f, true);

  /** For whom an answer is: all tenants of a partition, where they share tables, or one. */
  private record Place(String partition, IsolationStrategy strategy, Optional<UUID> tenant) {
    static Place of(TenantContext context) {
      DatabaseAccess access = DatabaseAccess.of(context);
      return new Place(
          access.partition(),
          access.strategy(),
          access.strategy() == IsolationStrategy.SHARED
              ? Optional.empty()
              : Optional.of(context.tenantId()));
    }

    boolean isOf(ConnectionDetails details) {
      return details.partition().equals(partition) && details.strategy() == strategy;
    }
  }

  /** The last answer, and the question that is under way. Guarded by the map. */
  private static final class Known {
    private @Nullable ConnectionDetails details;
    private @Nullable CompletableFuture<ConnectionDetails> question;
    private @Nullable TenantDatabaseException failure;
    private Instant answeredAt = Instant.EPOCH;
    private Instant askedAt = Instant.EPOCH;
    private Instant refusedAt = Instant.EPOCH;
  }

  /**
   * @param controlPlane where it is, for example {@code https://control-plane:9000}
   * @param token {@code gho_…}, of the role {@code application}; asked for with each question, so
   *     that it can be exchanged
   */
  public ControlPlaneConnections(URI controlPlane, Supplier<String> token) {
    this(controlPlane, token, HttpClient.newBuilder().connectTimeout(TIMEOUT).build());
  }

  /**
   * @param client with the authorities that the control plane's certificate is from
   */
  public ControlPlaneConnections(URI controlPlane, Supplier<String> token, HttpClient client) {
    this.controlPlane = controlPlane;
    this.token = token;
    this.client = client;
  }

  @Override
  public CompletionStage<ConnectionDetails> find(SignedContext request) {
    Place place = Place.of(request.context());
    synchronized (known) {
      Known entry = known.computeIfAbsent(place, _ -> new Known());
      if (known.size() > MOST_TENANTS) {
        known.remove(known.keySet().iterator().next());
      }
      boolean isFresh = entry.details != null && isWithin(FRESH, entry.answeredAt);
      if (!isFresh && entry.question == null && !isWithin(BETWEEN_QUESTIONS, entry.askedAt)) {
        ask(place, entry, request);
      }
      if (entry.details != null && isWithin(USABLE, entry.answeredAt)) {
        return CompletableFuture.completedFuture(entry.details);
      }
      if (entry.question != null) {
        return entry.question;
      }
      return CompletableFuture.failedFuture(
          entry.failure != null
              ? entry.failure
              : new TenantDatabaseException.Unavailable(
                  "what the control plane said a moment ago is refused by the database"));
    }
  }

  private static boolean isWithin(Duration time, Instant since) {
    return Instant.now().isBefore(since.plus(time));
  }

  private void ask(Place place, Known entry, SignedContext request) {
    CompletableFuture<ConnectionDetails> question = new CompletableFuture<>();
    entry.question = question;
    entry.askedAt = Instant.now();
    inTurn(() -> {
      CompletableFuture<ConnectionDetails> _ =
          send(request)
              .thenApply(ControlPlaneConnections::read)
              .whenCompleteAsync((details, failure) -> {
                Answer answer = Answer.of(details, failure);
                remember(place, entry, answer);
                answer.to(question);
                next();
              });
    });
    CompletableFuture.delayedExecutor(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() ->
            question.completeExceptionally(
                new TenantDatabaseException.Unavailable(
                    "the control plane is asked too much, or does not answer")));
  }

  /** So many at once and no more, as after a start all tenants may be asked for together. */
  private void inTurn(Runnable question) {
    synchronized (known) {
      if (underWay == MOST_AT_ONCE) {
        queue.add(question);
        return;
      }
      underWay++;
    }
    question.run();
  }

  private void next() {
    Runnable question;
    synchronized (known) {
      question = queue.poll();
      if (question == null) {
        underWay--;
        return;
      }
    }
    question.run();
  }

  private CompletableFuture<HttpResponse<String>> send(SignedContext request) {
    try {
      HttpRequest get =
          HttpRequest.newBuilder(
                  controlPlane.resolve(
                      "/v1/tenants/" + request.context().tenantId() + "/connection"))
              .timeout(TIMEOUT)
              .header("Accept", "application/json")
              .header("Authorization", "Bearer " + token.get())
              .header(TenantContext.HEADER, request.jws())
              .build();
      return client.sendAsync(
          get, BodyHandlers.limiting(BodyHandlers.ofString(UTF_8), MAX_BODY_BYTES));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void remember(Place place, Known entry, Answer answer) {
    synchronized (known) {
      entry.question = null;
      entry.askedAt = Instant.now();
      entry.failure = answer.failure();
      ConnectionDetails details = answer.details();
      if (details != null && place.isOf(details)) {
        entry.details = details;
        entry.answeredAt = Instant.now();
      } else if (answer.isOfThisTenantAlone() && place.tenant().isEmpty()) {
        // It was moved or is gone; that is no answer for the others of its partition.
        entry.failure = null;
        entry.askedAt = Instant.EPOCH;
      } else if (answer.isOfThisTenantAlone()) {
        entry.details = null;
      }
    }
  }

  /** Where it is, or why that is not known. */
  private record Answer(
      @Nullable ConnectionDetails details,
      @Nullable TenantDatabaseException failure,
      boolean isNowhere) {
    static Answer of(@Nullable ConnectionDetails details, @Nullable Throwable failure) {
      if (failure == null) {
        return new Answer(details, null, false);
      }
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      return switch (cause) {
        case NotPlaced e ->
            new Answer(
                null,
                new TenantDatabaseException.Unavailable(String.valueOf(e.getMessage())),
                true);
        case TenantDatabaseException e -> new Answer(null, e, false);
        default ->
            new Answer(
                null,
                new TenantDatabaseException.Unavailable(
                    "the control plane does not say where the tenant's data are: " + cause, cause),
                false);
      };
    }

    boolean isOfThisTenantAlone() {
      return isNowhere || details != null;
    }

    void to(CompletableFuture<ConnectionDetails> question) {
      if (details != null) {
        question.complete(details);
      } else if (failure != null) {
        question.completeExceptionally(failure);
      }
    }
  }

  /** The control plane knows that there is no place. */
  private static final class NotPlaced extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPlaced(String message) {
      super(message, null, false, false);
    }
  }

  private static ConnectionDetails read(HttpResponse<String> response) {
    int status = response.statusCode();
    if (status == 200) {
      return detailsIn(response.body());
    }
    String why = "the control plane answers %d: %s".formatted(status, reasonIn(response.body()));
    throw status == 404 || status == 409 || status == 410
        ? new NotPlaced(why)
        : new TenantDatabaseException.Unavailable(why);
  }

  private static ConnectionDetails detailsIn(String body) {
    try {
      return JSON.readValue(body, ConnectionDetails.class);
    } catch (JsonProcessingException e) {
      // Nothing of the body, which has a password in it.
      throw new TenantDatabaseException.Unavailable(
          "the control plane's answer is not what was expected: " + e.getOriginalMessage());
    }
  }

  private static String reasonIn(String body) {
    try {
      JsonNode problem = JSON.readTree(body);
      return problem.path("detail").asText(problem.path("title").asText(""));
    } catch (JsonProcessingException e) {
      return "(no problem document)";
    }
  }

  @Override
  public void refused(SignedContext request, ConnectionDetails details) {
    synchronized (known) {
      Known entry = known.get(Place.of(request.context()));
      if (entry == null || !details.equals(entry.details)) {
        return;
      }
      entry.details = null;
      if (!isWithin(BETWEEN_QUESTIONS, entry.refusedAt)) {
        entry.refusedAt = Instant.now();
        entry.askedAt = Instant.EPOCH;
      }
    }
  }
}
