package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.admit.ForwardableHeaders;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.compress.ResponseCompression;
import dev.gatehouse.gateway.exfiltration.EgressMeter;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's answer on its way to the client: head, body and trailers, the upstream paused where
 * the client is slow. Bytes that are there at once go out in as few writes as can be; what may take
 * its time (a stream of events, a long poll) is not held back.
 */
final class ResponsePassage {
  private final Signed signed;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final HttpClientResponse answer;
  private final Listener listener;
  private final Context loop;
  private final @Nullable EgressMeter egress;
  private @Nullable ResponseCompression compression;
  private final PaceConfig pace;

  /** Null until it has waited for the client. */
  private @Nullable MinimumRate rate;

  private boolean awaitsClient;
  private boolean over;
  private long bytesToCome = Sanitized.UNKNOWN;

  /**
   * @param pace how slow the client may be
   */
  ResponsePassage(
      Signed signed, HttpClientResponse answer, PaceConfig pace, Context loop, Listener listener) {
    this.pace = pace;
    this.loop = loop;
    this.signed = signed;
    this.request = signed.exchange().request();
    this.response = request.response();
    this.answer = answer;
    this.listener = listener;
    this.egress = signed.request().request().egress();
  }

  /** Passes it on. */
  void begin() {
    answer.exceptionHandler(_ -> broken());
    writeHead();
    answer.handler(this::passOn);
    answer.endHandler(_ -> end());
    if (bytesToCome == Sanitized.UNKNOWN) {
      // After what has been read already: its first bytes take the head along.
      loop.runOnContext(_ -> flushHead());
    }
  }

  /** Whether it is the client's turn: there is more for it to take. */
  boolean awaitsClient() {
    return awaitsClient || over;
  }

  /**
   * Until when it can wait for the client, whose turn it is.
   *
   * @param latest how long it waits in any case
   */
  long patience(long latest) {
    return rate == null ? latest : rate.orEarlier(latest);
  }

  /** Whether the client takes it more slowly than any may. */
  boolean isTooSlow(long nowNanos) {
    return rate != null && rate.isTooSlow(nowNanos);
  }

  /**
   * Passes on no more of it. What has been read already must not stay behind: the codec would never
   * let go of it.
   */
  void stop() {
    over = true;
    if (awaitsClient) {
      answer.resume();
    }
    if (compression != null) {
      compression.abandon();
      compression = null;
    }
  }

  private void writeHead() {
    int status = answer.statusCode();
    response.setStatusCode(status);
    if (request.version() != HttpVersion.HTTP_2 && answer.version() != HttpVersion.HTTP_2) {
      response.setStatusMessage(answer.statusMessage());
    }
    UpstreamHeaders.copyToClient(signed, answer.headers(), response.headers());
    if (request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304) {
      bytesToCome = 0;
      return;
    }
    if (signed.request().service().compression().orElse(false)) {
      compression = ResponseCompression.of(true, request, status, response.headers()).orElse(null);
    }
    String length = answer.headers().get(HttpHeaders.CONTENT_LENGTH);
    if (length != null && compression == null) {
      bytesToCome = Long.parseLong(length);
    } else if (request.version() == HttpVersion.HTTP_1_1) {
      response.setChunked(true);
    }
  }

  private void flushHead() {
    if (!over && !response.headWritten() && !response.closed()) {
      response.writeHead();
    }
  }

  private void passOn(Buffer chunk) {
    if (over) {
      return;
    }
    if (bytesToCome == 0) {
      // Some upstreams answer HEAD with a body in HTTP/2. The client would reset the stream for it
      // (RFC 9113 section 8.1.1).
      return;
    }
    if (egress != null && !mayLeave(chunk, egress)) {
      return;
    }
    if (bytesToCome == chunk.length() && answer.version() != HttpVersion.HTTP_2) {
      // The last of it, and HTTP/1 has no trailers here: one write instead of two.
      over = true;
      listener.passed(response.end(chunk));
      return;
    }
    if (bytesToCome != Sanitized.UNKNOWN) {
      bytesToCome -= chunk.length();
    }
    Buffer piece = compression == null ? chunk : compression.write(chunk);
    if (piece.length() > 0) {
      write(piece);
    }
    listener.moved();
  }

  /** What is too much has left when that is seen; what comes after it does not leave. */
  private boolean mayLeave(Buffer chunk, EgressMeter counting) {
    if (counting.breaksOff()) {
      listener.tooMuchLeft();
      return false;
    }
    counting.pass(chunk.length(), signed.exchange().client().address());
    return true;
  }

  private void write(Buffer piece) {
    response.write(piece);
    if (rate != null) {
      rate.passed(piece.length());
    }
    if (response.writeQueueFull()) {
      answer.pause();
      awaitsClient = true;
      if (rate == null) {
        rate = pace.ofResponse();
      }
      rate.turn(System.nanoTime());
      response.drainHandler(_ -> drained());
    }
  }

  private void drained() {
    if (awaitsClient && !over) {
      awaitsClient = false;
      if (rate != null) {
        rate.rest(System.nanoTime());
      }
      answer.resume();
      listener.moved();
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    if (bytesToCome == Sanitized.UNKNOWN || answer.version() == HttpVersion.HTTP_2) {
      MultiMap trailers = answer.trailers();
      if (!trailers.isEmpty()) {
        ForwardableHeaders.copyTrailersToClient(trailers, response.trailers());
      }
    }
    Buffer rest = compression == null ? null : compression.finish();
    compression = null;
    listener.passed(rest == null ? response.end() : response.end(rest));
  }

  private void broken() {
    if (!over) {
      stop();
      listener.broken();
    }
  }

  /** Whose answer it is. */
  interface Listener {
    /** All of it is on its way; the future ends when it is written. */
    void passed(Future<Void> written);

    /** A part of it passed, or it is the other side's turn. */
    void moved();

    /** Nothing more is to leave. */
    void tooMuchLeft();

    /** The upstream broke off. */
    void broken();
  }
}
