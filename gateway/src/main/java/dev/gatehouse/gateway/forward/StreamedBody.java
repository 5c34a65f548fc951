package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body that is passed on as it comes, the client paused where the upstream is slow. The beginning
 * of it is kept while it is short enough to be sent again.
 */
@SuppressWarnings("ReferenceEquality") // It asks whether it is still the same attempt.
final class StreamedBody implements RequestBody {
  /** Longest body that is kept to be sent again, in bytes. */
  @Bound(
      of = "a body that is kept to be sent again",
      unit = "bytes",
      atIt = "a request with a longer body is not tried again once more of it was sent")
  static final int MAX_KEPT = 16 * 1024;

  private final HttpServerRequest request;
  private final Listener listener;
  private final boolean ofUnknownLength;
  private final boolean awaitsContinue;
  private final long maxBytes;
  private final List<Buffer> kept = new ArrayList<>(1);
  private final ClientPace pace = new ClientPace();
  private final MinimumRate rate;
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
   * @param rate at which it must come at least
   * @param mirror gets a copy; null for none
   */
  StreamedBody(
      Signed signed,
      boolean keeps,
      MinimumRate rate,
      @Nullable MirrorCopy mirror,
      Listener listener) {
    this.request = signed.exchange().request();
    this.listener = listener;
    this.keeps = keeps;
    this.rate = rate;
    this.mirror = mirror;
    this.ofUnknownLength = signed.sanitized().contentLength() == Sanitized.UNKNOWN;
    this.awaitsContinue = signed.exchange().headers().expect() != null;
    this.maxBytes = signed.request().request().maxBodyBytes();
    request.pause();
  }

  @Override
  public void begin() {
    listener.ready();
  }

  @Override
  public boolean canBeSentAgain() {
    return !begun || keeps;
  }

  @Override
  public boolean awaitsClient() {
    return target != null && !ended && !awaitsUpstream;
  }

  @Override
  public boolean isClientBehind(long nowNanos) {
    return awaitsClient() && pace.isBehind(nowNanos);
  }

  @Override
  public boolean awaitsSlowClient(long nowNanos) {
    return awaitsClient() && pace.isSlow(nowNanos);
  }

  @Override
  public long patience(long latest) {
    return rate.orEarlier(latest);
  }

  @Override
  public boolean isTooSlow(long nowNanos) {
    return rate.isTooSlow(nowNanos);
  }

  @Override
  public boolean isSent() {
    return sent;
  }

  @Override
  public void sendTo(HttpClientRequest upstream) {
    if (!begun && awaitsContinue) {
      request.response().writeContinue();
    }
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
    clientsTurn();
    listener.moved();
    request.resume();
  }

  private void clientsTurn() {
    long now = System.nanoTime();
    pace.begin(now);
    rate.turn(now);
  }

  @Override
  public void detach() {
    target = null;
    rate.rest(System.nanoTime());
    if (!ended) {
      request.pause();
    }
  }

  @Override
  public void discard() {
    // What has been read already must not stay behind: the codec would never let go of it.
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
      listener.unacceptable(new Rejection.BodyTooLarge(maxBytes));
      return;
    }
    long now = System.nanoTime();
    pace.came(chunk.length(), now);
    rate.passed(chunk.length(), now);
    keep(chunk);
    if (mirror != null) {
      mirror.write(chunk);
    }
    write(upstream, chunk);
    if (upstream.writeQueueFull()) {
      request.pause();
      awaitsUpstream = true;
      rate.rest(now);
      upstream.drainHandler(_ -> drained(upstream));
    }
    listener.moved();
  }

  private void drained(HttpClientRequest upstream) {
    if (target == upstream) {
      awaitsUpstream = false;
      clientsTurn();
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
}
