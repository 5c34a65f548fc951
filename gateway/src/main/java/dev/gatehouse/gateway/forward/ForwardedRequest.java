package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.Exchange.Stage;
import dev.gatehouse.gateway.admit.ForwardableHeaders;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.share.Permit;
import dev.gatehouse.gateway.share.ServiceBreaker;
import dev.gatehouse.gateway.share.ServiceShare;
import dev.gatehouse.gateway.share.Waiter;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.upstream.LoopUpstream;
import dev.gatehouse.gateway.upstream.NoTarget;
import dev.gatehouse.gateway.upstream.Target;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request from its place in the service's queue to the end of its response: it waits for its
 * turn, is tried at one endpoint after another as far as that is safe, and its answer is passed on.
 */
@SuppressWarnings("ReferenceEquality") // It asks which of two attempts it is.
final class ForwardedRequest extends SignedEntry
    implements Waiter, Attempt.Listener, RequestBody.Listener, ResponsePassage.Listener {
  private static final CharSequence TENANT_ID =
      HttpHeaders.createOptimized(TenantContext.ID_HEADER);
  private static final int MAX_EARLY_HINTS = 8;

  private final Forwarder forwarder;
  private final UpstreamService service;
  private final ServiceBreaker breaker;
  private final Exchange exchange;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final InFlight inFlight;
  private final Rejections rejections;

  private @Nullable ServiceShare share;
  private @Nullable Permit permit;
  private @Nullable RequestBody body;
  private int attemptsMade;
  private List<Target> tried = List.of();
  private boolean awaitedNames;
  private boolean awaitsAnswer;
  private @Nullable Attempt current;

  /** Runs beside the current one, which has not answered in time. */
  private @Nullable Attempt hedge;

  private @Nullable ResponsePassage passage;
  private int hintsPassed;
  private long admittedNanos;
  private long lastNanos = NO_DEADLINE;
  private ServiceBreaker.Result result = ServiceBreaker.Result.UNKNOWN;
  private boolean done;

  ForwardedRequest(
      Forwarder forwarder,
      UpstreamService service,
      ServiceBreaker breaker,
      Signed signed,
      InFlight inFlight,
      Rejections rejections) {
    super(signed);
    this.forwarder = forwarder;
    this.service = service;
    this.breaker = breaker;
    this.exchange = signed.exchange();
    this.request = exchange.request();
    this.response = request.response();
    this.inFlight = inFlight;
    this.rejections = rejections;
  }

  /**
   * Takes its place in the service's queue; goes on at once where nobody waits.
   *
   * @param taking the service's queue
   * @param mirror who gets a copy; null if nobody does
   * @throws Rejection if there is no room
   */
  void start(ServiceShare taking, @Nullable MirrorCopy mirror) {
    share = taking;
    inFlight.add(this);
    response.exceptionHandler(_ -> clientGone());
    response.closeHandler(_ -> clientGone());
    if (signed.sanitized().mayHaveBody()) {
      boolean keeps = isIdempotent() && service.retries().attempts() > 1;
      body = new RequestBody(signed, keeps, mirror, this);
    }
    try {
      permit = taking.enter(signed.tenant(), this);
    } catch (Rejection full) {
      leave();
      throw full;
    }
  }

  @Override
  public void admitted(Permit granted) {
    permit = granted;
    admittedNanos = System.nanoTime();
    lastNanos = service.lastNanos(signed.request().edits(), admittedNanos);
    tryEndpoint();
  }

  @Override
  public void refused(Rejection rejection) {
    reject(rejection);
  }

  private void tryEndpoint() {
    LoopUpstream upstream = forwarder.upstreamOf(signed);
    switch (upstream.pick(service.hashKeyOf(signed), tried)) {
      case Target target -> tryAt(target);
      case NoTarget none -> {
        if (none == NoTarget.NOT_RESOLVED && !awaitedNames) {
          awaitNames(upstream);
        } else {
          reject(UpstreamFaults.nowhere(none));
        }
      }
    }
  }

  /** A service that the gateway has just learnt of. */
  private void awaitNames(LoopUpstream upstream) {
    awaitedNames = true;
    deadline(service.answerBy(lastNanos));
    upstream
        .resolved()
        .onComplete(_ -> {
          if (!done) {
            tryEndpoint();
          }
        });
  }

  private void tryAt(Target target) {
    target.begun();
    attemptsMade++;
    awaitsAnswer = false;
    deadline(lastNanos);
    Attempt attempt = new Attempt(target, this);
    if (current == null) {
      current = attempt;
    } else {
      hedge = attempt;
    }
    attempt.begin(service.connect(signed, target));
  }

  @Override
  public void connected(Attempt attempt, HttpClientRequest sending) {
    UpstreamHeaders.write(signed, sending);
    sending.earlyHintsHandler(this::passOnHints);
    if (body == null) {
      sent(sending);
      return;
    }
    if (exchange.headers().expect() != null && attemptsMade == 1) {
      response.writeContinue();
    }
    body.sendTo(sending);
  }

  @Override
  public void sent(HttpClientRequest sending) {
    if (done) {
      return;
    }
    awaitsAnswer = true;
    deadline(service.answerBy(lastNanos));
    sending.end();
    if (service.retries().hedges() && body == null && attemptsMade == 1 && isIdempotent()) {
      forwarder.later(service.retries().hedgeAfterMillis(), this::tryBeside);
    }
  }

  /** The first attempt takes its time: whichever of two answers first is passed on. */
  private void tryBeside() {
    Attempt slow = current;
    if (!done && passage == null && slow != null && mayRetry()) {
      remember(slow);
      tryEndpoint();
    }
  }

  @Override
  public void failed(Attempt attempt, Rejection why, boolean seen) {
    if (done) {
      return;
    }
    Attempt other = attempt == current ? hedge : current;
    current = other;
    hedge = null;
    if (other != null) {
      deadline(service.answerBy(lastNanos));
      return;
    }
    if (mayTryAgain(seen)) {
      tryAgain(attempt);
    } else {
      result = ServiceBreaker.Result.FAILURE;
      reject(why);
    }
  }

  /**
   * Whether to send it once more harms nobody.
   *
   * @param seen whether an upstream may have acted on it
   */
  private boolean mayTryAgain(boolean seen) {
    return attemptsMade < service.retries().attempts()
        && !isOutOfTime()
        && (!seen || isIdempotent())
        && (body == null || body.canBeSentAgain())
        && mayRetry();
  }

  private boolean mayRetry() {
    return share != null && share.retryBudget().tryRetry();
  }

  private void tryAgain(Attempt failed) {
    if (body != null) {
      body.detach();
    }
    current = null;
    remember(failed);
    tryEndpoint();
  }

  private void remember(Attempt attempt) {
    if (tried.isEmpty()) {
      tried = new ArrayList<>(1);
    }
    tried.add(attempt.target());
  }

  private boolean isIdempotent() {
    return RetryPolicy.isIdempotent(request.method());
  }

  @Override
  public void answered(Attempt attempt, HttpClientResponse answer) {
    keepOnly(attempt);
    int status = answer.statusCode();
    if (isForeign(answer) || !UpstreamFaults.isFinalStatus(status)) {
      attempt.abort();
      reject(new Rejection.UpstreamFailed("http_protocol_error"));
      return;
    }
    if (service.retries().isTriedAgain(status) && mayTryAgain(true)) {
      attempt.discard(answer, isUnsent());
      tryAgain(attempt);
      return;
    }
    exchange.ended(Stage.FORWARD);
    result = status >= 500 ? ServiceBreaker.Result.FAILURE : ServiceBreaker.Result.SUCCESS;
    release(UpstreamFaults.loadShownBy(status));
    moved();
    passage = new ResponsePassage(signed, answer, forwarder.loop(), this);
    passage.begin();
  }

  private void keepOnly(Attempt attempt) {
    Attempt other = attempt == current ? hedge : current;
    current = attempt;
    hedge = null;
    if (other != null) {
      other.abandon();
    }
  }

  private boolean isForeign(HttpClientResponse answer) {
    String stamped = answer.headers().get(TENANT_ID);
    return stamped != null && !stamped.equals(signed.tenant().id());
  }

  private void passOnHints(MultiMap hints) {
    // A few are useful (RFC 8297); what an upstream repeats without end is not.
    if (!done
        && !response.headWritten()
        && hintsPassed++ < MAX_EARLY_HINTS
        && request.version() != HttpVersion.HTTP_1_0) {
      MultiMap passed = MultiMap.caseInsensitiveMultiMap();
      ForwardableHeaders.copyToClient(hints, passed);
      response.writeEarlyHints(inLowerCase(passed));
    }
  }

  /** HTTP/2 has no other names (RFC 9113 section 8.2.1), and HTTP/1 does not mind. */
  private static MultiMap inLowerCase(MultiMap headers) {
    MultiMap lower = MultiMap.caseInsensitiveMultiMap();
    headers.forEach((name, value) -> lower.add(name.toLowerCase(Locale.ROOT), value));
    return lower;
  }

  @Override
  public void moved() {
    deadline(System.nanoTime() + service.idleNanos());
  }

  @Override
  public void passed(Future<Void> written) {
    Attempt answered = current;
    // Answered before the body was read: what is left of it must not become another request, here
    // or there.
    boolean unsent = isUnsent();
    if (!leave()) {
      return;
    }
    if (answered != null) {
      answered.end(unsent);
    }
    if (body != null && !request.isEnded()) {
      written.onComplete(_ -> rejections.closeConnection(request));
    }
  }

  private boolean isUnsent() {
    return body != null && !body.isSent();
  }

  @Override
  public void broken() {
    Attempt answered = current;
    if (leave()) {
      if (answered != null) {
        answered.abort();
      }
      response.reset(Rejections.INTERNAL_ERROR);
    }
  }

  @Override
  public void tooLong(long maxBytes) {
    reject(new Rejection.BodyTooLarge(maxBytes));
  }

  @Override
  public void clientGone() {
    if (leave()) {
      if (passage != null) {
        passage.stop();
      }
      abandonAttempts();
    }
  }

  @Override
  void deadlinePassed() {
    Attempt slow = current;
    if (awaitsAnswer && passage == null && slow != null) {
      slow.timeOut();
    } else {
      // Not the endpoint's fault: the client, or a body, stands still.
      reject(new Rejection.UpstreamTimedOut("http_response_timeout"));
    }
  }

  private boolean isOutOfTime() {
    return lastNanos != NO_DEADLINE && System.nanoTime() - lastNanos >= 0;
  }

  private void reject(Rejection rejection) {
    if (!leave()) {
      return;
    }
    abandonAttempts();
    if (passage == null) {
      rejections.answer(exchange, rejection);
    } else {
      passage.stop();
      response.reset(Rejections.INTERNAL_ERROR);
    }
  }

  @Override
  void leave(Consumer<HttpServerRequest> tell) {
    tell.accept(request);
  }

  @Override
  void revoke(Rejection why) {
    ResponsePassage begun = passage;
    if (begun == null) {
      reject(why);
    } else if (leave()) {
      begun.stop();
      abandonAttempts();
      response.reset(Rejections.CANCEL);
    }
  }

  private void abandonAttempts() {
    if (current != null) {
      current.abandon();
    }
    if (hedge != null) {
      hedge.abandon();
    }
  }

  private void release(dev.gatehouse.gateway.share.Outcome shown) {
    if (permit != null) {
      permit.release(shown, System.nanoTime() - admittedNanos);
    }
  }

  private boolean leave() {
    if (done) {
      return false;
    }
    done = true;
    inFlight.remove(this);
    if (body != null) {
      body.discard();
    }
    if (permit != null) {
      permit.cancel();
    }
    breaker.ended(result);
    return true;
  }
}
