package dev.gatehouse.gateway.compress;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The compression of one response: gzip (RFC 1952), piece by piece, on the event loop of its
 * request. Holds no more than the coder's window; what a piece becomes is at most a little longer
 * than the piece.
 */
public final class ResponseCompression {
  private static final int LEAST_BYTES = 1024;
  private static final CharSequence NO_TRANSFORM = "no-transform";

  private final GzipCoder coder;
  private final boolean flushing;

  private ResponseCompression(GzipCoder coder, boolean flushing) {
    this.coder = coder;
    this.flushing = flushing;
  }

  /**
   * Decides whether a response is compressed, and if so brings its headers into line: {@code
   * Content-Encoding} set, {@code Content-Length}, {@code Accept-Ranges} and digests of the bytes
   * out, a strong {@code ETag} made weak. Where it depends on the client, {@code Vary} says so in
   * either case. Call it once, with the head complete and not yet written; the answer needs {@link
   * #finish} or {@link #abandon}.
   *
   * @param allowed whether the service wants it
   * @param request the client's
   * @param status of the response
   * @param headers of the response, as the client would get them
   * @return empty if the response passes as it is, also where too many are compressed already
   */
  public static Optional<ResponseCompression> of(
      boolean allowed, HttpServerRequest request, int status, MultiMap headers) {
    if (!allowed
        || request.version() == HttpVersion.HTTP_1_0
        || !isCompressible(request.method(), status, headers)) {
      return Optional.empty();
    }
    addVary(headers);
    List<String> accepted = request.headers().getAll(HttpHeaders.ACCEPT_ENCODING);
    if (accepted.isEmpty() || !AcceptEncoding.takesGzip(String.join(",", accepted))) {
      return Optional.empty();
    }
    return GzipCoder.open().map(coder -> begin(coder, headers));
  }

  private static ResponseCompression begin(GzipCoder coder, MultiMap headers) {
    boolean measured = headers.contains(HttpHeaders.CONTENT_LENGTH);
    headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    headers.remove(HttpHeaders.ACCEPT_RANGES);
    headers.remove("Content-MD5").remove("Digest").remove("Content-Digest");
    String tag = headers.get(HttpHeaders.ETAG);
    if (tag != null && !tag.startsWith("W/")) {
      headers.set(HttpHeaders.ETAG, "W/" + tag);
    }
    return new ResponseCompression(coder, !measured);
  }

  /**
   * Takes a piece of the body.
   *
   * @return what may be sent of it so far; empty if that is nothing yet. Where the length of the
   *     body was not announced, all of the piece: its reader may be waiting for it.
   */
  public Buffer write(Buffer piece) {
    return coder.write(piece, flushing);
  }

  /** The rest of the body. Releases what is held; nothing may follow. */
  public Buffer finish() {
    return coder.finish();
  }

  /** Releases what is held by a response that is broken off. */
  public void abandon() {
    coder.release();
  }

  private static boolean isCompressible(HttpMethod method, int status, MultiMap headers) {
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    return type != null
        && CompressibleTypes.contain(type)
        && !method.equals(HttpMethod.HEAD)
        && status >= 200
        && status != 204
        && status != 206
        && status != 304
        && !headers.contains(HttpHeaders.CONTENT_ENCODING)
        && !headers.contains(HttpHeaders.CONTENT_RANGE)
        && isLongEnough(headers.get(HttpHeaders.CONTENT_LENGTH))
        && !forbidsTransformation(headers.getAll(HttpHeaders.CACHE_CONTROL));
  }

  private static boolean isLongEnough(@Nullable String length) {
    return length == null || Long.parseLong(length) >= LEAST_BYTES;
  }

  private static boolean forbidsTransformation(List<String> cacheControl) {
    for (String value : cacheControl) {
      if (value.toLowerCase(Locale.ROOT).contains(NO_TRANSFORM)) {
        return true;
      }
    }
    return false;
  }

  private static void addVary(MultiMap headers) {
    for (String value : headers.getAll(HttpHeaders.VARY)) {
      String names = value.toLowerCase(Locale.ROOT);
      if (names.contains("accept-encoding") || names.strip().equals("*")) {
        return;
      }
    }
    headers.add(HttpHeaders.VARY, "Accept-Encoding");
  }
}
