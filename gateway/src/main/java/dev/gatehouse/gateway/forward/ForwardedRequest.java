package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.Exchange.Stage;
import dev.gatehouse.gateway.admit.ForwardableHeaders;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.compress.ResponseCompression;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the upstream, and its response on the way back. The body of either is
 * passed on as it comes; where the other side is slow, this side is paused. A request without a
 * body is neither paused nor piped: that is nearly all of them.
 */
final class ForwardedRequest extends InFlight.Entry {
  private static final CharSequence TENANT_ID =
      HttpHeaders.createOptimized(TenantContext.ID_HEADER);

  private final Signed signed;
  private final Exchange exchange;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final InFlight inFlight;
  private final Rejections rejections;
  private final long timeoutNanos;

  private @Nullable HttpClientRequest upstream;
  private @Nullable ResponseCompression compression;
  private boolean answering;
  private boolean done;
  private long bodyBytes;
  private long bytesToCome = Sanitized.UNKNOWN;

  ForwardedRequest(Signed signed, InFlight inFlight, Rejections rejections, long timeoutNanos) {
    this.signed = signed;
    this.exchange = signed.exchange();
    this.request = exchange.request();
    this.response = request.response();
    this.inFlight = inFlight;
    this.rejections = rejections;
    this.timeoutNanos = timeoutNanos;
  }

  /** Sends it once there is a connection. */
  void send(Future<HttpClientRequest> connection) {
    inFlight.add(this);
    response.exceptionHandler(_ -> clientGone());
    response.closeHandler(_ -> clientGone());
    if (signed.sanitized().mayHaveBody()) {
      request.pause();
    }
    connection.onComplete(this::connected);
  }

  private void connected(HttpClientRequest sending, @Nullable Throwable failure) {
    if (failure != null) {
      reject(UpstreamFaults.whileConnecting(failure));
      return;
    }
    if (done) {
      sending.reset();
      return;
    }
    upstream = sending;
    UpstreamHeaders.write(signed, sending.headers());
    sending.exceptionHandler(_ -> {});
    sending.response().onComplete(this::answered);
    if (signed.sanitized().mayHaveBody()) {
      sendBody(sending);
    } else {
      sent(sending);
    }
  }

  private void sendBody(HttpClientRequest sending) {
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      response.writeContinue();
    }
    request.exceptionHandler(_ -> clientGone());
    request.handler(chunk -> sendChunk(sending, chunk));
    request.endHandler(_ -> sent(sending));
    request.resume();
  }

  private void sendChunk(HttpClientRequest sending, Buffer chunk) {
    if (done || chunk.length() == 0) {
      return;
    }
    if (bodyBytes == 0 && signed.sanitized().contentLength() == Sanitized.UNKNOWN) {
      // Not before there is a body: HTTP/2 does not tell at the headers, and a GET has none.
      sending.setChunked(true);
    }
    bodyBytes += chunk.length();
    long most = signed.request().request().maxBodyBytes();
    if (bodyBytes > most) {
      reject(new Rejection.BodyTooLarge(most));
      return;
    }
    sending.write(chunk);
    if (sending.writeQueueFull()) {
      request.pause();
      sending.drainHandler(_ -> request.resume());
    }
  }

  private void sent(HttpClientRequest sending) {
    if (!done) {
      deadline(System.nanoTime() + timeoutNanos);
      sending.end();
    }
  }

  private void answered(HttpClientResponse answer, @Nullable Throwable failure) {
    if (failure != null) {
      reject(UpstreamFaults.whileWaiting(failure));
      return;
    }
    answer.exceptionHandler(_ -> upstreamGone());
    if (done) {
      return;
    }
    deadline(NO_DEADLINE);
    String stamped = answer.headers().get(TENANT_ID);
    boolean foreign = stamped != null && !stamped.equals(signed.tenant().id());
    if (foreign || !UpstreamFaults.isFinalStatus(answer.statusCode())) {
      reject(new Rejection.UpstreamFailed("http_protocol_error"));
      return;
    }
    exchange.ended(Stage.FORWARD);
    answering = true;
    writeHead(answer);
    answer.handler(chunk -> passOn(answer, chunk));
    answer.endHandler(_ -> finish(null));
  }

  private void writeHead(HttpClientResponse answer) {
    response.setStatusCode(answer.statusCode());
    if (request.version() != HttpVersion.HTTP_2) {
      response.setStatusMessage(answer.statusMessage());
    }
    ForwardableHeaders.copyToClient(answer.headers(), response.headers());
    String length = answer.headers().get(HttpHeaders.CONTENT_LENGTH);
    boolean bodiless =
        request.method().equals(HttpMethod.HEAD)
            || answer.statusCode() == 204
            || answer.statusCode() == 304;
    if (bodiless) {
      return;
    }
    compression =
        ResponseCompression.of(
                signed.request().service().compression().orElse(false),
                request,
                answer.statusCode(),
                response.headers())
            .orElse(null);
    if (length != null && compression == null) {
      bytesToCome = Long.parseLong(length);
    } else if (request.version() == HttpVersion.HTTP_1_1) {
      response.setChunked(true);
    }
  }

  private void passOn(HttpClientResponse answer, Buffer chunk) {
    if (done) {
      return;
    }
    if (bytesToCome == chunk.length()) {
      // The last of it: one write instead of two.
      finish(chunk);
      return;
    }
    if (bytesToCome != Sanitized.UNKNOWN) {
      bytesToCome -= chunk.length();
    }
    Buffer piece = compression == null ? chunk : compression.write(chunk);
    if (piece.length() == 0) {
      return;
    }
    response.write(piece);
    if (response.writeQueueFull()) {
      answer.pause();
      response.drainHandler(_ -> answer.resume());
    }
  }

  private void finish(@Nullable Buffer last) {
    if (!leave()) {
      return;
    }
    Buffer rest = compression == null ? last : compression.finish();
    // Answered before the body was read: what is left of it must not become another request.
    boolean unread = !request.isEnded() && signed.sanitized().mayHaveBody();
    if (unread) {
      abortUpstream();
    }
    Future<Void> ended = rest == null ? response.end() : response.end(rest);
    if (unread) {
      ended.onComplete(_ -> rejections.closeConnection(request));
    }
  }

  private void reject(Rejection rejection) {
    if (leave()) {
      abortUpstream();
      if (answering) {
        response.reset();
      } else {
        rejections.answer(exchange, rejection);
      }
    }
  }

  private void upstreamGone() {
    if (leave()) {
      abortUpstream();
      response.reset();
    }
  }

  private void clientGone() {
    if (leave()) {
      abortUpstream();
    }
  }

  @Override
  void deadlinePassed() {
    reject(new Rejection.UpstreamTimedOut("http_response_timeout"));
  }

  @Override
  public Tenant tenant() {
    return signed.tenant();
  }

  @Override
  public Principal principal() {
    return signed.authenticated().principal();
  }

  @Override
  public long startNanos() {
    return exchange.startNanos();
  }

  @Override
  void leave(Consumer<HttpServerRequest> tell) {
    tell.accept(request);
  }

  @Override
  void revoke(Rejection why) {
    if (!answering) {
      reject(why);
    } else if (leave()) {
      abortUpstream();
      response.reset(Rejections.CANCEL);
    }
  }

  private void abortUpstream() {
    if (compression != null) {
      compression.abandon();
    }
    if (upstream != null) {
      upstream.reset();
    }
  }

  private boolean leave() {
    if (done) {
      return false;
    }
    done = true;
    inFlight.remove(this);
    return true;
  }
}
