package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.observe.trace.AttemptSpan;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.upstream.Outcome;
import dev.gatehouse.gateway.upstream.Target;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One try of a request at one endpoint. Tells its {@link Listener} how it went, once; what comes
 * after it was abandoned is not told.
 */
final class Attempt {
  private static final int MAX_DISCARDED_DIGITS = 5;

  private final Target target;
  private final Listener listener;
  private final @Nullable AttemptSpan span;
  private @Nullable HttpClientRequest upstream;
  private boolean failed;

  /** What goes wrong, in words; empty while nothing does. */
  private String fault = "";

  private boolean over;

  /**
   * @param span what is recorded of it; null if nothing is
   */
  Attempt(Target target, Listener listener, @Nullable AttemptSpan span) {
    this.target = target;
    this.listener = listener;
    this.span = span;
  }

  /** Goes on once there is a connection. */
  void begin(Future<HttpClientRequest> connection) {
    connection.onComplete(this::connected);
  }

  private void connected(HttpClientRequest sending, @Nullable Throwable failure) {
    if (failure != null) {
      fail(UpstreamFaults.whileConnecting(failure), false, Outcome.FAILED_CONNECT);
      return;
    }
    // Without one, what any client can bring about would be logged as an error.
    sending.exceptionHandler(_ -> {});
    if (over) {
      sending.reset();
      return;
    }
    upstream = sending;
    sending.response().onComplete(this::answered);
    listener.connected(this, sending);
  }

  private void answered(HttpClientResponse answer, @Nullable Throwable failure) {
    if (failure != null) {
      boolean seen = !UpstreamFaults.isUnprocessed(failure);
      fail(UpstreamFaults.whileWaiting(failure), seen, Outcome.FAILED);
    } else if (!over) {
      failed = answer.statusCode() >= 500;
      if (failed) {
        fault = "answered " + answer.statusCode();
      }
      if (span != null) {
        span.answered(answer.statusCode());
      }
      listener.answered(this, answer);
    }
  }

  /** Its time is up. */
  void timeOut() {
    fail(new Rejection.UpstreamTimedOut("http_response_timeout"), true, Outcome.FAILED);
    reset();
  }

  /** Breaks it off: nobody waits for it any more. */
  void abandon() {
    if (end(Outcome.ABANDONED)) {
      reset();
    }
  }

  /** Its answer is not one that can be passed on. */
  void refuse(HttpClientResponse answer) {
    answer.exceptionHandler(_ -> {});
    abort();
  }

  /** Its answer broke off. */
  void abort() {
    fault = "its answer broke off, or was none that can be passed on";
    end(Outcome.FAILED);
    reset();
  }

  /**
   * Its answer is not wanted: another attempt is made. A short one need not cost the connection.
   *
   * @param unsent whether the upstream answered before it was sent the whole request
   */
  void discard(HttpClientResponse answer, boolean unsent) {
    end(Outcome.FAILED);
    answer.exceptionHandler(_ -> {});
    String length = answer.headers().get(HttpHeaders.CONTENT_LENGTH);
    if (unsent || length == null || length.length() > MAX_DISCARDED_DIGITS) {
      reset();
    }
  }

  /**
   * Its answer is here, whole.
   *
   * @param unsent whether the upstream answered before it was sent the whole request
   */
  void end(boolean unsent) {
    end(failed ? Outcome.FAILED : Outcome.SUCCESS);
    if (unsent) {
      reset();
    }
  }

  /**
   * Its answer's connection becomes somebody else's, who says of the target when the attempt has
   * ended.
   */
  Target handOver() {
    over = true;
    endSpan(Outcome.SUCCESS);
    return target;
  }

  /** What the endpoint is told of the trace; null where the attempt has no span of its own. */
  @Nullable String traceHeader() {
    return span == null ? null : span.header();
  }

  private void endSpan(Outcome outcome) {
    if (span != null) {
      span.end(outcome);
    }
  }

  /** Where it goes. */
  Target target() {
    return target;
  }

  private boolean end(Outcome outcome) {
    if (over) {
      return false;
    }
    over = true;
    target.ended(outcome, outcome == Outcome.ABANDONED ? "" : fault);
    endSpan(outcome);
    return true;
  }

  private void fail(Rejection why, boolean seen, Outcome outcome) {
    fault = UpstreamFaults.inWords(why);
    if (end(outcome)) {
      listener.failed(this, why, seen);
    }
  }

  private void reset() {
    if (upstream != null) {
      cancel(upstream);
    }
  }

  /**
   * Breaks a request off. HTTP/1 cannot but close the connection; Vert.x does that at a reset only
   * while the response has not ended. After that it sends the next request on it, which the
   * upstream takes for the rest of this one's body.
   */
  static void cancel(HttpClientRequest sending) {
    if (sending.version() == HttpVersion.HTTP_2) {
      sending.reset();
    } else {
      sending.connection().close();
    }
  }

  /** Who tries. */
  interface Listener {
    /** There is a connection: the request is to be sent on it. */
    void connected(Attempt attempt, HttpClientRequest sending);

    /** The answer begins. */
    void answered(Attempt attempt, HttpClientResponse answer);

    /**
     * There will be no answer.
     *
     * @param seen whether the upstream may have acted on the request
     */
    void failed(Attempt attempt, Rejection why, boolean seen);
  }
}
