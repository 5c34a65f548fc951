package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.signature.ContentDigest;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read to its end before anything is sent, since the head of the request says its
 * digest. It is short, and can be sent any number of times.
 */
final class WholeBody implements RequestBody {
  private final HttpServerRequest request;
  private final Listener listener;
  private final Rejection tooLong;
  private final long maxBytes;
  private final boolean awaitsContinue;
  private final List<Buffer> chunks = new ArrayList<>(1);
  private final MessageDigest sha256 = newSha256();
  private final ClientPace pace = new ClientPace();
  private final MinimumRate rate;
  private final @Nullable MirrorCopy mirror;
  private boolean begun;
  private boolean ended;
  private boolean sent;
  private boolean given;
  private long bytes;
  private String digest = "";

  /**
   * @param mostDigested how long it may be, if the tenant's limit allows that
   * @param rate at which it must come at least
   * @param mirror gets a copy; null for none
   */
  WholeBody(
      Signed signed,
      int mostDigested,
      MinimumRate rate,
      @Nullable MirrorCopy mirror,
      Listener listener) {
    this.request = signed.exchange().request();
    this.listener = listener;
    this.rate = rate;
    this.mirror = mirror;
    this.awaitsContinue = signed.exchange().headers().expect() != null;
    long limit = signed.request().request().maxBodyBytes();
    this.maxBytes = Math.min(limit, mostDigested);
    this.tooLong =
        limit <= mostDigested
            ? new Rejection.BodyTooLarge(limit)
            : Rejection.BodyTooLarge.toBeDigested(mostDigested);
    request.pause();
  }

  /**
   * Refuses one of which it is known beforehand that it is too long.
   *
   * @param announced {@code Content-Length}; negative if there is none
   * @throws Rejection.BodyTooLarge if it is
   */
  void requireLength(long announced) {
    if (announced > maxBytes) {
      throw tooLong;
    }
  }

  /** What {@code Content-Digest} says of it, once it is {@link Listener#ready}. */
  String digest() {
    return digest;
  }

  @Override
  public void begin() {
    begun = true;
    request.exceptionHandler(_ -> listener.clientGone());
    request.handler(this::take);
    request.endHandler(_ -> end());
    if (awaitsContinue) {
      request.response().writeContinue();
    }
    long now = System.nanoTime();
    pace.begin(now);
    rate.turn(now);
    listener.moved();
    request.resume();
  }

  private void take(Buffer chunk) {
    if (given) {
      return;
    }
    bytes += chunk.length();
    if (bytes > maxBytes) {
      listener.unacceptable(tooLong);
      return;
    }
    long now = System.nanoTime();
    pace.came(chunk.length(), now);
    rate.passed(chunk.length(), now);
    chunks.add(chunk);
    sha256.update(chunk.getBytes());
    if (mirror != null) {
      mirror.write(chunk);
    }
    listener.moved();
  }

  private void end() {
    if (given) {
      return;
    }
    ended = true;
    byte[] hash = sha256.digest();
    if (ContentDigest.contradicts(request.headers().getAll(ContentDigest.HEADER), hash)) {
      // With a digest of its own, the gateway would vouch for what was damaged on its way here.
      listener.unacceptable(
          new Rejection.BadRequest("The body is not the one that Content-Digest tells of."));
      return;
    }
    digest = ContentDigest.ofHash(hash);
    if (mirror != null) {
      mirror.end();
    }
    listener.ready();
  }

  @Override
  public void sendTo(HttpClientRequest upstream) {
    if (bytes > 0) {
      upstream.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(bytes));
      chunks.forEach(upstream::write);
    }
    sent = true;
    listener.sent(upstream);
  }

  @Override
  public void detach() {
    sent = false;
  }

  @Override
  public void discard() {
    if (given) {
      return;
    }
    given = true;
    if (mirror != null && !ended) {
      mirror.giveUp();
    }
    chunks.clear();
    if (!request.isEnded()) {
      request.exceptionHandler(_ -> {});
      request.handler(_ -> {});
      request.resume();
    }
  }

  @Override
  public boolean canBeSentAgain() {
    return !given;
  }

  @Override
  public boolean isSent() {
    return sent;
  }

  @Override
  public boolean awaitsClient() {
    return begun && !ended && !given;
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
    return awaitsClient() && rate.isTooSlow(nowNanos);
  }

  /** What takes digests. */
  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
