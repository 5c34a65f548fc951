package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.Exchange.Stage;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.share.Outcome;
import dev.gatehouse.gateway.share.Permit;
import dev.gatehouse.gateway.share.ServiceBreaker;
import dev.gatehouse.gateway.share.ServiceShare;
import dev.gatehouse.gateway.share.Waiter;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request from its place in the service's queue to the end of its response: it waits for its
 * turn, is sent to an endpoint (see {@link Attempts}), and its answer is passed on. Knows how it
 * ends, whoever ends it.
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

  private @Nullable Permit permit;
  private long admittedNanos;
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
    this.body =
        signed.sanitized().mayHaveBody()
            ? new RequestBody(signed, service.retries().mayRepeat(request.method()), mirror, this)
            : null;
  }

  /**
   * Takes its place in the service's queue; goes on at once where nobody waits.
   *
   * @throws Rejection if there is no room
   */
  void start() {
    forwarder.inFlight().add(this);
    response.exceptionHandler(_ -> clientGone());
    response.closeHandler(_ -> clientGone());
    try {
      permit = share.enter(signed.tenant(), this);
    } catch (Rejection full) {
      leave();
      throw full;
    }
  }

  @Override
  public void admitted(Permit granted) {
    permit = granted;
    admittedNanos = System.nanoTime();
    attempts.begin(body, service.lastNanos(signed.request().edits(), admittedNanos));
  }

  @Override
  public void refused(Rejection rejection) {
    reject(rejection);
  }

  @Override
  public void sent(HttpClientRequest sending) {
    attempts.sent(sending);
  }

  @Override
  public void tooLong(long maxBytes) {
    reject(new Rejection.BodyTooLarge(maxBytes));
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
    moved();
    passage = new ResponsePassage(signed, answer, forwarder.loop(), this);
    passage.begin();
  }

  private void release(Outcome shown) {
    if (permit != null) {
      permit.release(shown, System.nanoTime() - admittedNanos);
    }
  }

  @Override
  public void moved() {
    deadline(System.nanoTime() + service.idleNanos());
  }

  @Override
  public void passed(Future<Void> written) {
    if (!leave()) {
      return;
    }
    attempts.end();
    if (body != null && !request.isEnded()) {
      // Answered before the body was read: what is left of it must not become another request.
      written.onComplete(_ -> forwarder.rejections().closeConnection(request));
    }
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
  void deadlinePassed() {
    if (passage == null) {
      attempts.timeOut();
    } else {
      reject(new Rejection.UpstreamTimedOut("http_response_timeout"));
    }
  }

  private void reject(Rejection rejection) {
    if (!leave()) {
      return;
    }
    attempts.abandon();
    if (passage == null) {
      forwarder.rejections().answer(exchange, rejection);
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
      attempts.abandon();
      response.reset(Rejections.CANCEL);
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
    if (permit != null) {
      permit.cancel();
    }
    breaker.ended(result);
    return true;
  }
}
