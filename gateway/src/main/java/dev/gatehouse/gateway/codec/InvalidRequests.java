package dev.gatehouse.gateway.codec;

import io.vertx.core.http.HttpServerRequest;

/** Answers what is not a request, and closes its connection. */
public final class InvalidRequests {
  private static final int VERSION_NOT_SUPPORTED = 505;

  private InvalidRequests() {}

  /** Answers 505 to versions that are not spoken here, 414 or 431 to what is too long, else 400. */
  public static void answer(HttpServerRequest request) {
    if (request.decoderResult().cause() instanceof UnsupportedVersionException) {
      request.response().setStatusCode(VERSION_NOT_SUPPORTED).end();
      request.connection().close();
    } else {
      HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
    }
  }
}
