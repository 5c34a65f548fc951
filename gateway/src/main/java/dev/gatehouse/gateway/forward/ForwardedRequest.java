package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.Exchange.Stage;
import dev.gatehouse.gateway.exfiltration.EgressMeter;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.share.Outcome;
import dev.gatehouse.gateway.share.Permit;
import dev.gatehouse.gateway.share.ServiceBreaker;
import dev.gatehouse.gateway.share.ServiceShare;
import dev.gatehouse.gateway.share.Waiter;
import dev.gatehouse.gateway.sign.Signed;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request from its place in the service's queue to the end of its response: it waits for its
 * turn, is sent to an endpoint (see {@link Attempts}), and its answer is passed on; one that
 * becomes a WebSocket ends with that. Knows how it ends, whoever ends it.
 */
final class ForwardedRequest extends SignedEntry
    implements Waiter, Attempts.Listener, RequestBody.Listener, ResponsePassage.Listener {
  private final Forwarder forwarder;
  private final UpstreamService service;
  private final ServiceBreaker breaker;
  private final ServiceShare share;
  private final Exchange exchange;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Attempts attempts;
  private final @Nullable RequestBody body;
  private final @Nullable Upgrade upgrade;

  private @Nullable Permit permit;
  private long admittedNanos;

  /** When all of the body had been sent for the first time; 0 until then. */
  private long wholeNanos;

  private @Nullable ResponsePassage passage;
  private ServiceBreaker.Result result = ServiceBreaker.Result.UNKNOWN;
  private boolean done;

  /**
   * @param breaker has let it in
   * @param share the service's queue
   * @param mirror who gets a copy; null if nobody does
   */
  ForwardedRequest(
      Forwarder forwarder,
      UpstreamService service,
      ServiceBreaker breaker,
      ServiceShare share,
      Signed signed,
      @Nullable MirrorCopy mirror) {
    super(signed);
    this.forwarder = forwarder;
    this.service = service;
    this.breaker = breaker;
    this.share = share;
    this.exchange = signed.exchange();
    this.request = exchange.request();
    this.response = request.response();
    this.attempts = new Attempts(forwarder, service, signed, share.retryBudget(), this);
    this.body = signed.sanitized().mayHaveBody() ? bodyOf(mirror) : null;
    this.upgrade = Upgrade.isWanted(signed) ? new Upgrade(forwarder, signed) : null;
  }

  private RequestBody bodyOf(@Nullable MirrorCopy mirror) {
    OptionalInt mostDigested = service.mostDigested();
    return mostDigested.isPresent()
        ? new WholeBody(signed, mostDigested.getAsInt(), service.bodyRate(request), mirror, this)
        : new StreamedBody(
            signed,
            service.retries().mayRepeat(request.method()),
            service.bodyRate(request),
            mirror,
            this);
  }

  /**
   * Takes its place in the service's queue; goes on at once where nobody waits, or where it is to
   * become a WebSocket: these have places of their own.
   *
   * @throws Rejection if there is no room, or the body is known to be too long
   */
  void start() {
    forwarder.inFlight().add(this);
    response.exceptionHandler(_ -> clientGone());
    response.closeHandler(_ -> clientGone());
    try {
      if (body instanceof WholeBody whole) {
        whole.requireLength(signed.sanitized().contentLength());
      }
      if (upgrade == null) {
        permit = share.enter(signed.tenant(), this);
      } else {
        upgrade.begin();
        begin();
      }
    } catch (Rejection full) {
      leave();
      throw full;
    }
  }

  @Override
  public void admitted(Permit granted) {
    permit = granted;
    begin();
  }

  private void begin() {
    admittedNanos = System.nanoTime();
    if (body == null) {
      ready();
    } else {
      body.begin();
    }
  }

  @Override
  public void ready() {
    attempts.begin(body, service.lastNanos(signed.request().edits(), admittedNanos));
  }

  @Override
  public void refused(Rejection rejection) {
    reject(rejection);
  }

  @Override
  public boolean isClientBehind(long nowNanos) {
    return body != null && body.isClientBehind(nowNanos);
  }

  @Override
  public boolean awaitsSlowClient(long nowNanos) {
    return body != null && body.awaitsSlowClient(nowNanos);
  }

  @Override
  public void sent(HttpClientRequest sending) {
    if (permit != null && wholeNanos == 0) {
      wholeNanos = System.nanoTime();
      permit.whole();
    }
    attempts.sent(sending);
  }

  @Override
  public void unacceptable(Rejection why) {
    reject(why);
  }

  @Override
  public void waitsUntil(long nanos) {
    deadline(nanos);
  }

  @Override
  public void failed(Rejection why, ServiceBreaker.Result shown) {
    result = shown;
    reject(why);
  }

  @Override
  public void answered(HttpClientResponse answer) {
    exchange.ended(Stage.FORWARD);
    int status = answer.statusCode();
    result = status >= 500 ? ServiceBreaker.Result.FAILURE : ServiceBreaker.Result.SUCCESS;
    release(UpstreamFaults.loadShownBy(status));
    EgressMeter egress = signed.request().request().egress();
    if (egress != null) {
      egress.answered(answer.headers(), exchange.client().address());
      if (egress.breaksOff()) {
        reject(egress.refusal());
        return;
      }
    }
    if (upgrade != null && Upgrade.isAgreedTo(answer)) {
      upgrade.open(answer, attempts.handOver());
      leave();
      exchange.end();
      return;
    }
    moved();
    passage = new ResponsePassage(signed, answer, service.pace(), forwarder.loop(), this);
    passage.begin();
  }

  private void release(Outcome shown) {
    if (permit == null) {
      return;
    }
    if (body == null) {
      permit.release(shown, System.nanoTime() - admittedNanos);
    } else if (wholeNanos == 0) {
      // It did not wait for all of it: how long it took says more of the client.
      permit.release(shown == Outcome.SUCCESS ? Outcome.IGNORED : shown, 0);
    } else {
      permit.release(shown, System.nanoTime() - wholeNanos);
    }
  }

  @Override
  public void moved() {
    boolean clientsTurn = awaitsClient();
    long latest = System.nanoTime() + service.idleNanos(clientsTurn);
    deadline(clientsTurn ? patience(latest) : latest);
  }

  private long patience(long latest) {
    if (passage != null) {
      return passage.patience(latest);
    }
    return body == null ? latest : body.patience(latest);
  }

  private boolean awaitsClient() {
    return passage == null ? body != null && body.awaitsClient() : passage.awaitsClient();
  }

  @Override
  public void passed(Future<Void> written) {
    attempts.end();
    if (body != null && !request.isEnded()) {
      // Answered before the body was read: what is left of it must not become another request.
      body.discard();
      forwarder.rejections().closeConnectionAfter(written, request);
    } else if (upgrade != null) {
      // Neither may frames of a WebSocket that came to nothing.
      forwarder.rejections().closeConnectionAfter(written, request);
    }
    if (request.version() == HttpVersion.HTTP_2 && !written.isComplete()) {
      // The client takes its time; over HTTP/1, the connection's own time-out would end it.
      deadline(System.nanoTime() + service.idleNanos(true));
      written.onComplete(_ -> leave());
    } else {
      leave();
    }
  }

  @Override
  public void tooMuchLeft() {
    exchange.refusal(Rejections.EGRESS_BUDGET);
    breakOff(Rejections.CANCEL);
  }

  @Override
  public void broken() {
    if (leave()) {
      attempts.abort();
      response.reset(Rejections.INTERNAL_ERROR);
    }
  }

  @Override
  public void clientGone() {
    if (leave()) {
      if (passage != null) {
        passage.stop();
      }
      attempts.abandon();
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // It asks which connection it is.
  boolean isOf(Channel client) {
    return ((ConnectionBase) request.connection()).channel() == client;
  }

  @Override
  boolean isReadFrom(Channel client) {
    return isOf(client) && !request.isEnded();
  }

  @Override
  void deadlinePassed() {
    if (passage == null) {
      if (awaitsClient()) {
        reject(tooLate());
      } else {
        attempts.timeOut();
      }
    } else if (awaitsClient()) {
      if (passage.isTooSlow(System.nanoTime())) {
        forwarder.meters().slowResponse();
      }
      breakOff(Rejections.CANCEL);
      forwarder.rejections().cutOff(request);
    } else {
      passage.stop();
      broken();
    }
  }

  private Rejection tooLate() {
    if (body != null && body.isTooSlow(System.nanoTime())) {
      forwarder.meters().slowBody();
      return Rejection.RequestTimedOut.TOO_SLOW;
    }
    return Rejection.RequestTimedOut.INSTANCE;
  }

  private void reject(Rejection rejection) {
    if (passage != null) {
      breakOff(Rejections.INTERNAL_ERROR);
    } else if (leave()) {
      attempts.abandon();
      forwarder.rejections().answer(exchange, rejection);
    }
  }

  /** Ends a response that has begun, so that its client sees that it is not whole. */
  private void breakOff(long http2Error) {
    if (leave()) {
      if (passage != null) {
        passage.stop();
      }
      attempts.abandon();
      response.reset(http2Error);
    }
  }

  @Override
  void leave(Consumer<HttpServerRequest> tell) {
    tell.accept(request);
  }

  @Override
  void revoke(Rejection why) {
    if (passage == null) {
      reject(why);
    } else {
      breakOff(Rejections.CANCEL);
    }
  }

  private boolean leave() {
    if (done) {
      return false;
    }
    done = true;
    forwarder.inFlight().remove(this);
    if (body != null) {
      body.discard();
    }
    if (upgrade != null) {
      upgrade.giveUp();
    }
    if (permit != null) {
      permit.cancel();
    }
    breaker.ended(result);
    return true;
  }
}
