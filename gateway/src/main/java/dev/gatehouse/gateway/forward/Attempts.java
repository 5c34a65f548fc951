package dev.gatehouse.gateway.forward;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.observe.trace.RequestSpan;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.share.RetryBudget;
import dev.gatehouse.gateway.share.ServiceBreaker.Result;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.upstream.LoopUpstream;
import dev.gatehouse.gateway.upstream.NoTarget;
import dev.gatehouse.gateway.upstream.Target;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request: at one endpoint after another as far as that is safe, at two at once
 * where the service hedges. Tells its {@link Listener} of one answer, or why there is none.
 */
@SuppressWarnings("ReferenceEquality") // It asks which of two attempts it is.
final class Attempts implements Attempt.Listener {
  private static final long NO_DEADLINE = InFlight.Entry.NO_DEADLINE;

  private final Forwarder forwarder;
  private final UpstreamService service;
  private final Signed signed;
  private final RetryBudget budget;
  private final Listener listener;
  private final HttpServerRequest request;
  private final boolean upgrade;

  private @Nullable RequestBody body;
  private long lastNanos = NO_DEADLINE;
  private int made;
  private List<Target> tried = List.of();
  private boolean awaitedNames;
  private boolean connecting;
  private boolean over;
  private @Nullable Attempt current;

  /** Runs beside the current one, which has not answered in time. */
  private @Nullable Attempt hedge;

  /**
   * @param budget what retries there may be
   */
  Attempts(
      Forwarder forwarder,
      UpstreamService service,
      Signed signed,
      RetryBudget budget,
      Listener listener) {
    this.forwarder = forwarder;
    this.service = service;
    this.signed = signed;
    this.budget = budget;
    this.listener = listener;
    this.request = signed.exchange().request();
    this.upgrade = Upgrade.isWanted(signed);
  }

  /**
   * Makes the first one.
   *
   * @param sending the request's body; null if it has none
   * @param untilNanos when no further one may begin, see {@link UpstreamService#lastNanos}
   */
  void begin(@Nullable RequestBody sending, long untilNanos) {
    body = sending;
    lastNanos = untilNanos;
    tryEndpoint();
  }

  private void tryEndpoint() {
    LoopUpstream upstream = forwarder.upstreamOf(signed);
    switch (upstream.pick(service.hashKeyOf(signed), tried)) {
      case Target target -> tryAt(target);
      case NoTarget none -> {
        if (none == NoTarget.NOT_RESOLVED && !awaitedNames) {
          awaitNames(upstream);
        } else {
          giveUp(UpstreamFaults.nowhere(none), Result.UNKNOWN);
        }
      }
    }
  }

  /** A service that the gateway has just learnt of. */
  private void awaitNames(LoopUpstream upstream) {
    awaitedNames = true;
    listener.waitsUntil(service.answerBy(lastNanos));
    upstream
        .resolved()
        .onComplete(_ -> {
          if (!over) {
            tryEndpoint();
          }
        });
  }

  private void tryAt(Target target) {
    target.begun();
    made++;
    connecting = true;
    listener.waitsUntil(lastNanos);
    Exchange exchange = signed.exchange();
    exchange.tries(target);
    RequestSpan span = exchange.span();
    Attempt attempt =
        new Attempt(target, this, span == null ? null : span.attempt(exchange, target, made - 1));
    if (current == null) {
      current = attempt;
    } else {
      hedge = attempt;
    }
    attempt.begin(service.connect(signed, target));
  }

  @Override
  public void connected(Attempt attempt, HttpClientRequest sending) {
    connecting = false;
    try {
      service.prepare(signed, sending, body, attempt.traceHeader());
    } catch (Rejection cannot) {
      giveUp(cannot, Result.UNKNOWN);
      return;
    }
    sending.earlyHintsHandler(new EarlyHints(request));
    if (body == null) {
      sent(sending);
    } else {
      body.sendTo(sending);
    }
  }

  /** All of the body is on its way to this upstream, which is to answer now. */
  void sent(HttpClientRequest sending) {
    if (over) {
      // Answered already: both sides stream at once, and this is the end of the client's.
      sending.end();
      return;
    }
    if (lastNanos == NO_DEADLINE) {
      lastNanos = service.lastNanosByDefault(System.nanoTime());
    }
    listener.waitsUntil(service.answerBy(lastNanos));
    if (upgrade) {
      Upgrade.send(sending);
      return;
    }
    sending.end();
    if (service.retries().hedges() && body == null && made == 1 && isIdempotent()) {
      forwarder.later(service.retries().hedgeAfterMillis(), this::tryBeside);
    }
  }

  /** The first attempt takes its time: whichever of two answers first counts. */
  private void tryBeside() {
    Attempt slow = current;
    if (!over && slow != null && budget.tryRetry()) {
      remember(slow);
      tryEndpoint();
    }
  }

  @Override
  public void failed(Attempt attempt, Rejection why, boolean seen) {
    if (over) {
      return;
    }
    Attempt other = attempt == current ? hedge : current;
    current = other;
    hedge = null;
    if (other != null) {
      listener.waitsUntil(service.answerBy(lastNanos));
    } else if (mayTryAgain(seen)) {
      tryAgain(attempt);
    } else {
      giveUp(why, Result.FAILURE);
    }
  }

  @Override
  public void answered(Attempt attempt, HttpClientResponse answer) {
    keepOnly(attempt);
    Optional<Rejection> refusal = ResponseGuard.refusalOf(answer, upgrade, signed);
    if (refusal.isPresent()) {
      attempt.refuse(answer);
      giveUp(refusal.get(), Result.UNKNOWN);
    } else if (service.retries().isTriedAgain(answer.statusCode()) && mayTryAgain(true)) {
      attempt.discard(answer, isUnsent());
      tryAgain(attempt);
    } else {
      over = true;
      signed.exchange().upstreamDone();
      listener.answered(answer);
    }
  }

  private void keepOnly(Attempt attempt) {
    Attempt other = attempt == current ? hedge : current;
    current = attempt;
    hedge = null;
    if (other != null) {
      other.abandon();
    }
  }

  /**
   * Whether to send it once more harms nobody.
   *
   * @param seen whether an upstream may have acted on it
   */
  private boolean mayTryAgain(boolean seen) {
    return made < service.retries().attempts()
        && !isOutOfTime()
        && (!seen || isIdempotent())
        && (body == null || body.canBeSentAgain())
        && budget.tryRetry();
  }

  private boolean isIdempotent() {
    return RetryPolicy.isIdempotent(request.method());
  }

  private boolean isOutOfTime() {
    return lastNanos != NO_DEADLINE && System.nanoTime() - lastNanos >= 0;
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

  /** The time is up until which the listener was to wait. */
  void timeOut() {
    Attempt slow = current;
    if (slow != null && !connecting) {
      slow.timeOut();
    } else {
      // The total is shorter than it takes to find an endpoint: none is to blame.
      giveUp(new Rejection.UpstreamTimedOut("http_response_timeout"), Result.UNKNOWN);
    }
  }

  private void giveUp(Rejection why, Result shown) {
    over = true;
    signed.exchange().upstreamDone();
    listener.failed(why, shown);
  }

  /** The answer is here, whole. */
  void end() {
    if (current != null) {
      current.end(isUnsent());
    }
  }

  /** Whether the upstream, where it answers, does so before it was sent the whole request. */
  private boolean isUnsent() {
    return upgrade || (body != null && !body.isSent());
  }

  /** See {@link Attempt#handOver}; only for the one that was answered. */
  Target handOver() {
    return requireNonNull(current).handOver();
  }

  /** The answer broke off. */
  void abort() {
    if (current != null) {
      current.abort();
    }
  }

  /** Breaks off whatever is under way: nobody waits for it any more. */
  void abandon() {
    over = true;
    if (current != null) {
      current.abandon();
    }
    if (hedge != null) {
      hedge.abandon();
    }
  }

  /** Whose request it is. */
  interface Listener {
    /** Moves the deadline, at which {@link Attempts#timeOut} is to be called. */
    void waitsUntil(long nanos);

    /** The answer begins. */
    void answered(HttpClientResponse answer);

    /**
     * There will be no answer.
     *
     * @param shown what that says about the service
     */
    void failed(Rejection why, Result shown);
  }
}
