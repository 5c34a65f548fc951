package dev.gatehouse.controlplane.api;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The body of a request, read as it comes and no faster than it is taken. On the virtual thread of
 * the request only.
 */
public final class BodyStream {
  /** Bytes that such a body may have. */
  static final long MAX_BYTES = 64L << 20;

  private final HttpServerRequest request;
  private final String mediaType;
  private final MessageDigest digest;
  private final Queue<Buffer> arrived = new ArrayDeque<>();
  private Promise<Void> wanted = Promise.promise();
  private boolean ended;
  private boolean brokenOff;
  private long bytes;

  private BodyStream(HttpServerRequest request, String mediaType) {
    this.request = request;
    this.mediaType = mediaType;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** The body of a request that nobody reads yet. */
  static BodyStream of(HttpServerRequest request, String mediaType) {
    BodyStream stream = new BodyStream(request, mediaType);
    request
        .handler(buffer -> {
          stream.arrived.add(buffer);
          stream.wanted.tryComplete();
        })
        .endHandler(_ -> {
          stream.ended = true;
          stream.wanted.tryComplete();
        })
        .exceptionHandler(_ -> {
          stream.brokenOff = true;
          stream.wanted.tryComplete();
        });
    return stream;
  }

  /** The media type, without parameters. */
  public String mediaType() {
    return mediaType;
  }

  /**
   * Waits for the next part; empty at the end.
   *
   * @throws ProblemException {@code BODY_TOO_LARGE}, or {@code MALFORMED_REQUEST} where it breaks
   *     off
   */
  public Optional<Buffer> next() {
    while (arrived.isEmpty() && !ended && !brokenOff) {
      wanted = Promise.promise();
      request.fetch(1);
      wanted.future().await();
    }
    if (brokenOff) {
      throw new ProblemException(Problem.MALFORMED_REQUEST, "the body breaks off");
    }
    Buffer part = arrived.poll();
    if (part == null) {
      return Optional.empty();
    }
    bytes += part.length();
    if (bytes > MAX_BYTES) {
      throw new ProblemException(
          Problem.BODY_TOO_LARGE, "the body must have at most " + (MAX_BYTES >> 20) + " MiB");
    }
    digest.update(part.getBytes());
    return Optional.of(part);
  }

  /** What stands for the body where requests are compared; after its end. */
  Buffer fingerprint() {
    return Buffer.buffer(digest.digest());
  }
}
