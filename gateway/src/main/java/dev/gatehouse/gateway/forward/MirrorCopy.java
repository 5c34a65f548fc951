package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.signature.ContentDigest;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.upstream.Outcome;
import dev.gatehouse.gateway.upstream.Target;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a request that goes to a second service, whose answer nobody sees. It never holds the
 * request itself up: where the mirror is slower than the client, the copy is given up.
 */
final class MirrorCopy extends SignedEntry {
  @Bound(
      of = "what waits of a copy for a slow mirror",
      unit = "bytes",
      atIt = "the copy is given up; the request is not concerned")
  private static final int MAX_WAITING = 64 * 1024;

  private final InFlight inFlight;
  private final UpstreamService service;

  /** How much of the body may wait; less where it must be read whole, and may not be that long. */
  private final long mostWaiting;

  /** What takes the digest of the body, before anything is sent; null if nobody wants it. */
  private final @Nullable MessageDigest sha256;

  private final List<Buffer> waiting = new ArrayList<>(1);
  private long waitingBytes;
  private @Nullable Target target;
  private @Nullable HttpClientRequest upstream;
  private boolean begun;
  private boolean ended;
  private boolean done;

  /**
   * @param signed the request, signed for the mirror's service
   * @param service the mirror's
   */
  MirrorCopy(Signed signed, UpstreamService service, InFlight inFlight) {
    super(signed);
    this.service = service;
    this.inFlight = inFlight;
    OptionalInt mostDigested = service.mostDigested();
    this.mostWaiting = Math.min(mostDigested.orElse(MAX_WAITING), MAX_WAITING);
    this.sha256 = mostDigested.isPresent() ? WholeBody.newSha256() : null;
    this.ended = !signed.sanitized().mayHaveBody();
  }

  /** Goes on once there is a connection. */
  void begin(Future<HttpClientRequest> connection, Target to, long endNanos) {
    target = to;
    inFlight.add(this);
    deadline(endNanos);
    connection.onComplete(this::connected);
  }

  private void connected(HttpClientRequest sending, @Nullable Throwable failure) {
    if (failure != null) {
      giveUp();
      return;
    }
    if (done) {
      sending.reset();
      return;
    }
    upstream = sending;
    sending.exceptionHandler(_ -> giveUp());
    sending
        .response()
        .onSuccess(answer -> {
          answer.exceptionHandler(_ -> giveUp());
          answer.endHandler(_ -> answered(answer.statusCode()));
        })
        .onFailure(_ -> giveUp());
    if (sha256 == null || ended) {
      sendBeginning(sending);
    }
  }

  /** The head, and what has come of the body. */
  private void sendBeginning(HttpClientRequest sending) {
    try {
      service.prepare(
          signed,
          sending,
          sha256 == null ? ContentDigest.OF_NOTHING : ContentDigest.ofHash(sha256.digest()),
          signed.exchange().traceHeader());
    } catch (Rejection _) {
      giveUp();
      return;
    }
    begun = true;
    waiting.forEach(chunk -> send(sending, chunk));
    waiting.clear();
    if (ended) {
      sending.end();
    }
  }

  private void answered(int status) {
    boolean left = leave(status >= 500 ? Outcome.FAILED : Outcome.SUCCESS);
    if (left && !ended && upstream != null) {
      // Answered before the body was sent: the rest of it will never be.
      Attempt.cancel(upstream);
    }
  }

  /** Sends a part of the body, too. */
  void write(Buffer chunk) {
    if (done) {
      return;
    }
    HttpClientRequest sending = upstream;
    if (sending != null && begun && !sending.writeQueueFull()) {
      send(sending, chunk);
    } else if (!begun && waitingBytes + chunk.length() <= mostWaiting) {
      if (sha256 != null) {
        sha256.update(chunk.getBytes());
      }
      waitingBytes += chunk.length();
      waiting.add(chunk);
    } else {
      giveUp();
    }
  }

  private void send(HttpClientRequest sending, Buffer chunk) {
    if (!signed.sanitized().hasLength() && !sending.isChunked()) {
      sending.setChunked(true);
    }
    sending.write(chunk);
  }

  /** There is no more of the body. */
  void end() {
    ended = true;
    if (upstream == null || done) {
      return;
    }
    if (begun) {
      upstream.end();
    } else {
      sendBeginning(upstream);
    }
  }

  @Override
  void deadlinePassed() {
    giveUp();
  }

  @Override
  void leave(Consumer<HttpServerRequest> tell) {
    // The request itself tells its client.
  }

  @Override
  void revoke(Rejection why) {
    giveUp();
  }

  /** The request itself will not be sent whole, or the mirror does not keep up. */
  void giveUp() {
    if (leave(Outcome.ABANDONED) && upstream != null) {
      Attempt.cancel(upstream);
    }
  }

  private boolean leave(Outcome outcome) {
    if (done) {
      return false;
    }
    done = true;
    waiting.clear();
    inFlight.remove(this);
    if (target != null) {
      target.ended(outcome);
    }
    return true;
  }
}
