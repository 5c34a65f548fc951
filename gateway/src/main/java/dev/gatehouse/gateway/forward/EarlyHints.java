package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.admit.ForwardableHeaders;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;

/** Passes on to the client what an upstream says before its answer (103, RFC 8297). */
final class EarlyHints implements Handler<MultiMap> {
  /** A few are useful; what an upstream repeats without end is not. */
  private static final int MOST = 8;

  private final HttpServerRequest request;
  private int passed;

  EarlyHints(HttpServerRequest request) {
    this.request = request;
  }

  @Override
  public void handle(MultiMap hints) {
    HttpServerResponse response = request.response();
    if (request.version() != HttpVersion.HTTP_1_0
        && !response.headWritten()
        && !response.closed()
        && passed++ < MOST) {
      MultiMap forwardable = MultiMap.caseInsensitiveMultiMap();
      ForwardableHeaders.copyToClient(hints, forwardable);
      response.writeEarlyHints(inLowerCase(forwardable));
    }
  }

  /** HTTP/2 has no other names (RFC 9113 section 8.2.1), and HTTP/1 does not mind. */
  private static MultiMap inLowerCase(MultiMap headers) {
    MultiMap lower = MultiMap.caseInsensitiveMultiMap();
    headers.forEach((name, value) -> lower.add(name.toLowerCase(Locale.ROOT), value));
    return lower;
  }
}
