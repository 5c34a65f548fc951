package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way to the upstream: passed on as it comes, the client paused where
 * the upstream is slow. The beginning of it is kept while it is short enough to be sent again.
 */
@SuppressWarnings("ReferenceEquality") // It asks whether it is still the same attempt.
final class RequestBody {
  /** Longest body that is kept to be sent again, in bytes. */
  static final int MAX_KEPT = 16 * 1024;

  private final HttpServerRequest request;
  private final Listener listener;
  private final boolean ofUnknownLength;
  private final long maxBytes;
  private final List<Buffer> kept = new ArrayList<>(1);
  private final ClientPace pace = new ClientPace();
  private final @Nullable MirrorCopy mirror;
  private boolean keeps;
  private boolean begun;
  private boolean ended;
  private boolean awaitsUpstream;
  private boolean sent;
  private long bytes;
  private @Nullable HttpClientRequest target;

  /**
   * Holds the client back until there is somewhere to send its body to.
   *
   * @param keeps whether the beginning is worth keeping: the request may be sent again
   * @param mirror gets a copy; null for none
   */
  RequestBody(Signed signed, boolean keeps, @Nullable MirrorCopy mirror, Listener listener) {
    this.request = signed.exchange().request();
    this.listener = listener;
    this.keeps = keeps;
    this.mirror = mirror;
    this.ofUnknownLength = signed.sanitized().contentLength() == Sanitized.UNKNOWN;
    this.maxBytes = signed.request().request().maxBodyBytes();
    request.pause();
  }

  /** Whether all of it that was read can be sent once more. */
  boolean canBeSentAgain() {
    return !begun || keeps;
  }

  /** Whether it is the client's turn: the upstream would take more of it. */
  boolean awaitsClient() {
    return target != null && !ended && !awaitsUpstream;
  }

  /** Whether it is the client's turn, and the client behind. */
  boolean isClientBehind(long nowNanos) {
    return awaitsClient() && pace.isBehind(nowNanos);
  }

  /** Whether it is the client's turn, and the client behind for longer than is forgiven. */
  boolean awaitsSlowClient(long nowNanos) {
    return awaitsClient() && pace.isSlow(nowNanos);
  }

  /** Whether all of it was sent to where it last went. */
  boolean isSent() {
    return sent;
  }

  /** Sends it, from its beginning. */
  void sendTo(HttpClientRequest upstream) {
    target = upstream;
    awaitsUpstream = false;
    sent = ended;
    if (upstream.version() == HttpVersion.HTTP_2 && !request.isEnded()) {
      // A stream both ways may begin with the upstream's word.
      upstream.setChunked(true).sendHead();
    }
    for (Buffer chunk : kept) {
      write(upstream, chunk);
    }
    if (ended) {
      listener.sent(upstream);
      return;
    }
    if (!begun) {
      begun = true;
      request.exceptionHandler(_ -> listener.clientGone());
      request.handler(this::take);
      request.endHandler(_ -> end());
    }
    pace.begin(System.nanoTime());
    listener.moved();
    request.resume();
  }

  /** Sends no more of it to where it went; holds the client back. */
  void detach() {
    target = null;
    if (!ended) {
      request.pause();
    }
  }

  /**
   * Reads no more of it. What has been read already must not stay behind: the codec would never let
   * go of it.
   */
  void discard() {
    target = null;
    if (mirror != null && !ended) {
      mirror.giveUp();
    }
    kept.clear();
    keeps = false;
    if (!request.isEnded()) {
      request.exceptionHandler(_ -> {});
      request.handler(_ -> {});
      request.resume();
    }
  }

  private void take(Buffer chunk) {
    HttpClientRequest upstream = target;
    if (chunk.length() == 0 || upstream == null) {
      return;
    }
    bytes += chunk.length();
    if (bytes > maxBytes) {
      listener.tooLong(maxBytes);
      return;
    }
    pace.came(chunk.length(), System.nanoTime());
    keep(chunk);
    if (mirror != null) {
      mirror.write(chunk);
    }
    write(upstream, chunk);
    if (upstream.writeQueueFull()) {
      request.pause();
      awaitsUpstream = true;
      upstream.drainHandler(_ -> drained(upstream));
    }
    listener.moved();
  }

  private void drained(HttpClientRequest upstream) {
    if (target == upstream) {
      awaitsUpstream = false;
      pace.begin(System.nanoTime());
      request.resume();
      listener.moved();
    }
  }

  private void keep(Buffer chunk) {
    if (keeps && bytes <= MAX_KEPT) {
      kept.add(chunk);
    } else {
      keeps = false;
      kept.clear();
    }
  }

  private void write(HttpClientRequest upstream, Buffer chunk) {
    if (ofUnknownLength && !upstream.isChunked()) {
      // Not before there is a body: HTTP/2 does not tell at the headers, and a GET has none.
      upstream.setChunked(true);
    }
    upstream.write(chunk);
  }

  private void end() {
    ended = true;
    if (mirror != null) {
      mirror.end();
    }
    HttpClientRequest upstream = target;
    if (upstream != null) {
      sent = true;
      listener.sent(upstream);
    }
  }

  /** Who sends it. */
  interface Listener {
    /** All of it is on its way to this upstream. */
    void sent(HttpClientRequest upstream);

    /** A part of it passed, or it is the other side's turn. */
    void moved();

    /** It is longer than it may be. */
    void tooLong(long maxBytes);

    /** The client broke off. */
    void clientGone();
  }
}
