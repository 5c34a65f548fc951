package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.edge.MalformedFeedException;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.outage.Outage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the control plane's feed and keeps the {@link LiveDirectory} up to date; says back what
 * it has applied. Everything runs on one event loop. When the control plane cannot be reached, the
 * directory stays as it is, and the client tries again after a jittered pause that doubles up to a
 * bound.
 */
public final class FeedClient {
  private static final int DEEPEST_CAUSE = 10;
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(FeedClient.class);
  private static final long FIRST_RETRY_MILLIS = 100;
  private static final long LAST_RETRY_MILLIS = 5_000;
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Bound(
      of = "a tenant's document in the feed",
      unit = "bytes",
      atIt = "the feed is begun anew",
      metric = "gatehouse_feed_connections_total")
  private static final int MAX_LINE_BYTES = 4 << 20;

  private static final long APPLIED_EVERY_MILLIS = 1000;

  private final Vertx vertx;
  private final FeedConfig config;
  private final String gatewayName;
  private final LiveDirectory directory;
  private final HttpClient client;
  private final Counter refusedLines;
  private final Counter connections;
  private final Runnable onReady;
  private final Consumer<ExplainQuestion> onQuestion;

  private @Nullable HttpClientRequest connection;
  private boolean connected;
  private volatile boolean closed;

  private final Outage outage = new Outage();

  private int attempt;
  private long retryMillis = FIRST_RETRY_MILLIS;
  private volatile long lastLineNanos = System.nanoTime();
  private long connectedNanos;
  private long reportedRevision = -1;
  private boolean reporting;

  /**
   * @param vertx the one whose event loop applies the changes
   * @param gatewayName unique among the gateways of the platform
   * @param onReady called once, when the directory is complete for the first time
   * @param onQuestion called when the control plane asks what would become of a request
   */
  public FeedClient(
      Vertx vertx,
      FeedConfig config,
      String gatewayName,
      LiveDirectory directory,
      MeterRegistry metrics,
      Runnable onReady,
      Consumer<ExplainQuestion> onQuestion) {
    this.vertx = vertx;
    this.config = config;
    this.gatewayName = gatewayName;
    this.directory = directory;
    this.onReady = onReady;
    this.onQuestion = onQuestion;
    this.client = vertx.createHttpClient(config.clientOptions(CONNECT).setKeepAliveTimeout(30));
    this.refusedLines =
        Counter.builder("gatehouse.feed.lines.refused")
            .description("Lines of the feed that could not be applied")
            .register(metrics);
    this.connections =
        Counter.builder("gatehouse.feed.connections")
            .description("Connections to the feed that were opened")
            .register(metrics);
    Gauge.builder("gatehouse.feed.connected", this, feed -> feed.connected ? 1 : 0)
        .description("1 while the control plane's feed is followed")
        .register(metrics);
    TimeGauge.builder("gatehouse.feed.silence", this::silenceNanos, TimeUnit.NANOSECONDS)
        .description("How long ago the control plane last said something; it does every 2 seconds")
        .register(metrics);
    Gauge.builder("gatehouse.feed.revision", directory, LiveDirectory::revision)
        .description("Newest revision that requests are decided by")
        .register(metrics);
  }

  private long silenceNanos() {
    return System.nanoTime() - lastLineNanos;
  }

  /** Begins to follow. Returns at once. */
  public void start() {
    vertx.runOnContext(_ -> {
      vertx.setPeriodic(APPLIED_EVERY_MILLIS, _ -> tick());
      connect();
    });
  }

  /** Ends the connection and does not come back. */
  public Future<Void> close() {
    closed = true;
    return client.close();
  }

  private void connect() {
    if (closed) {
      return;
    }
    String path = FeedMessage.FEED_PATH + "?explains=true&gateway=" + gatewayName;
    if (directory.isReady()) {
      path += "&since=" + directory.revision();
    }
    connectedNanos = System.nanoTime();
    int thisAttempt = ++attempt;
    client
        .request(config.request(HttpMethod.GET, path))
        .compose(request -> {
          connection = request;
          return request.send();
        })
        .onSuccess(response -> follow(thisAttempt, response))
        .onFailure(failure -> lost(thisAttempt, reasonOf(failure)));
  }

  private void follow(int thisAttempt, HttpClientResponse response) {
    if (response.statusCode() != 200) {
      response.exceptionHandler(_ -> {}); // It is told of the reset.
      response.request().reset();
      lost(thisAttempt, refusal(response.statusCode()));
      return;
    }
    connections.increment();
    connected = true;
    if (outage.ends()) {
      LOG.info("following the control plane again, from revision {}", directory.revision());
    }
    RecordParser lines = RecordParser.newDelimited("\n", response);
    lines.maxRecordSize(MAX_LINE_BYTES);
    lines.exceptionHandler(failure -> {
      response.request().reset();
      lost(thisAttempt, String.valueOf(failure.getMessage()));
    });
    lines.endHandler(_ -> lost(thisAttempt, "the control plane ended the feed"));
    lines.handler(line -> {
      if (thisAttempt == attempt) {
        applyLine(line);
      }
    });
  }

  /** What failed in TLS is said by the innermost cause alone. */
  private static String reasonOf(Throwable failure) {
    Throwable innermost = failure;
    for (int i = 0; i < DEEPEST_CAUSE && innermost.getCause() != null; i++) {
      innermost = innermost.getCause();
    }
    String outer = String.valueOf(failure.getMessage());
    String inner = String.valueOf(innermost.getMessage());
    return outer.equals(inner) ? outer : outer + ": " + inner;
  }

  private String refusal(int status) {
    String why =
        switch (status) {
          case 401 -> ": the token opens nothing (any more)";
          case 403 -> ": the token is not for a gateway of the name " + gatewayName;
          default -> "";
        };
    return "the control plane answered " + status + why;
  }

  private void applyLine(Buffer line) {
    lastLineNanos = System.nanoTime();
    retryMillis = FIRST_RETRY_MILLIS;
    boolean wasReady = directory.isReady();
    try {
      FeedMessage message = FeedCodec.decode(line.getBytes());
      directory.apply(message);
      if (message instanceof FeedMessage.Ask(ExplainQuestion question)) {
        onQuestion.accept(question);
      }
      if (message instanceof FeedMessage.SnapshotEnd) {
        LOG.info("{} tenants at revision {}", directory.current().size(), directory.revision());
      }
    } catch (MalformedFeedException | IllegalArgumentException e) {
      refusedLines.increment();
      LOG.error("a line of the feed was refused, the others hold: {}", e.getMessage());
    }
    if (!wasReady && directory.isReady()) {
      onReady.run();
    }
    report();
  }

  /** However many callbacks report the end of one attempt, one new attempt follows. */
  private void lost(int endedAttempt, String reason) {
    if (closed || endedAttempt != attempt) {
      return;
    }
    attempt++;
    connected = false;
    connection = null;
    directory.abandonSnapshot();
    if (outage.tells(reason)) {
      LOG.warn(
          "the control plane is not followed, {}: {}",
          directory.isReady() ? "going on with what is known" : "and nothing is known yet",
          reason);
    }
    long pause = ThreadLocalRandom.current().nextLong(retryMillis / 2, retryMillis + 1);
    retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
    vertx.setTimer(pause, _ -> connect());
  }

  private void tick() {
    HttpClientRequest open = connection;
    // A connection that has just been opened has had no time to say anything.
    boolean silent = Math.min(silenceNanos(), System.nanoTime() - connectedNanos) > SILENCE_NANOS;
    if (open != null && silent) {
      open.reset();
    }
    reportedRevision = -1;
    report();
  }

  /** At most one report is under way; a newer revision is said once it has been answered. */
  private void report() {
    long revision = directory.completeRevision();
    if (closed || reporting || !connected || revision <= reportedRevision) {
      return;
    }
    reporting = true;
    reportedRevision = revision;
    JsonObject applied = JsonObject.of("gateway", gatewayName, "revision", revision);
    client
        .request(config.request(HttpMethod.POST, FeedMessage.APPLIED_PATH).setTimeout(2000))
        .compose(request ->
            request
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .send(applied.toBuffer()))
        .compose(HttpClientResponse::body)
        .onComplete(result -> {
          reporting = false;
          if (result.succeeded()) {
            report();
          } else {
            reportedRevision = -1;
          }
        });
  }
}
