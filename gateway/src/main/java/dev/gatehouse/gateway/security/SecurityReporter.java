package dev.gatehouse.gateway.security;

import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityReport;
import dev.gatehouse.gateway.directory.FeedConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the control plane one report for each window in which something was refused. Everything
 * runs on one event loop. Reports are sent in their order, one at a time; one that did not arrive
 * is sent again after a jittered pause that doubles up to a bound, and the control plane knows it
 * by its number.
 */
public final class SecurityReporter {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(SecurityReporter.class);
  private static final long FIRST_RETRY_MILLIS = 200;
  private static final long LAST_RETRY_MILLIS = 30_000;
  private static final long TIMEOUT_MILLIS = 5_000;
  private static final long LAST_ATTEMPT_MILLIS = 5_000;

  private final Vertx vertx;
  private final SecurityConfig config;
  private final FeedConfig controlPlane;
  private final String gatewayName;
  private final SecurityEvents events;
  private final InstantSource clock;
  private final HttpClient client;
  private final Counter dropped;
  private final UUID run = UUID.randomUUID();
  private final Deque<SecurityReport> pending = new ArrayDeque<>();

  private Instant windowBegan;
  private long sequence;
  private long retryMillis = FIRST_RETRY_MILLIS;
  private boolean busy;
  private volatile boolean closed;

  /**
   * @param vertx the one whose event loop reports
   * @param controlPlane where to, and the token
   * @param gatewayName unique among the gateways of the platform
   */
  public SecurityReporter(
      Vertx vertx,
      SecurityConfig config,
      FeedConfig controlPlane,
      String gatewayName,
      SecurityEvents events,
      InstantSource clock,
      MeterRegistry metrics) {
    this.vertx = vertx;
    this.config = config;
    this.controlPlane = controlPlane;
    this.gatewayName = gatewayName;
    this.events = events;
    this.clock = clock;
    this.windowBegan = now();
    this.client = vertx.createHttpClient(controlPlane.clientOptions(CONNECT));
    this.dropped =
        Counter.builder("gatehouse.security.events.dropped")
            .description("Refused requests that the audit trail was only told the number of")
            .register(metrics);
    Gauge.builder("gatehouse.security.reports.pending", pending, Deque::size)
        .description("Reports that the control plane has not taken yet")
        .register(metrics);
  }

  /** Begins to report. Returns at once. */
  public void start() {
    vertx.runOnContext(_ -> vertx.setPeriodic(config.window().toMillis(), _ -> report()));
  }

  /** Reports what there is, if the control plane takes it within five seconds, and stops. */
  public Future<Void> close() {
    Promise<Void> told = Promise.promise();
    vertx.runOnContext(_ -> lastAttempt().onComplete(told));
    return told.future().eventually(client::close);
  }

  private Future<Void> lastAttempt() {
    closed = true;
    endWindow();
    SecurityReport first = pending.peek();
    return first == null || busy
        ? Future.succeededFuture()
        : post(first)
            .timeout(LAST_ATTEMPT_MILLIS, TimeUnit.MILLISECONDS)
            .<Void>mapEmpty()
            .otherwiseEmpty();
  }

  private void report() {
    if (!closed) {
      endWindow();
      send();
    }
  }

  private void endWindow() {
    Instant ended = now();
    SecurityEvents.Window window = events.take(windowBegan, ended, SecurityReport.MAX_EVENTS);
    windowBegan = ended;
    if (window.events().isEmpty() && window.dropped() == 0) {
      return;
    }
    dropped.increment((double) window.dropped());
    if (pending.size() == config.maxPending()) {
      throwAway(pending.remove());
    }
    pending.add(
        new SecurityReport(gatewayName, run, ++sequence, window.events(), window.dropped()));
  }

  private void send() {
    SecurityReport report = pending.peek();
    if (report == null || busy || closed) {
      return;
    }
    busy = true;
    post(report)
        .onComplete(outcome -> {
          busy = false;
          int status = outcome.succeeded() ? outcome.result().statusCode() : 0;
          if (status == 204) {
            settled(report);
          } else if (status >= 400 && status < 500 && status != 401 && status != 429) {
            LOG.error("the control plane refused a report of security events: {}", status);
            throwAway(report);
            settled(report);
          } else {
            tryLater();
          }
        });
  }

  /** It may have made room for a newer one while it was under way. */
  private void settled(SecurityReport report) {
    SecurityReport first = pending.peek();
    if (first != null && first.sequence() == report.sequence()) {
      pending.remove();
    }
    retryMillis = FIRST_RETRY_MILLIS;
    send();
  }

  private void tryLater() {
    long pause = ThreadLocalRandom.current().nextLong(retryMillis / 2, retryMillis + 1);
    retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
    vertx.setTimer(pause, _ -> send());
  }

  private void throwAway(SecurityReport report) {
    long lost = report.dropped() + report.events().stream().mapToLong(SecurityEvent::count).sum();
    events.dropped(lost);
  }

  private Future<HttpClientResponse> post(SecurityReport report) {
    RequestOptions options =
        controlPlane
            .request(HttpMethod.POST, SecurityReport.PATH)
            .setTimeout(TIMEOUT_MILLIS)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    return client
        .request(options)
        .compose(request -> request.send(Buffer.buffer(report.encode())))
        .compose(response -> response.body().map(response));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
