package dev.gatehouse.gateway.codec;

import io.vertx.core.http.HttpServerRequest;

/** Answers what is not a request, and closes its connection. */
public final class InvalidRequests {
  private static final int TOO_SLOW = 408;
  private static final int VERSION_NOT_SUPPORTED = 505;

  private final Doorkeeper doorkeeper;

  /**
   * @param doorkeeper is told of each
   */
  public InvalidRequests(Doorkeeper doorkeeper) {
    this.doorkeeper = doorkeeper;
  }

  /**
   * Answers 505 to versions that are not spoken here, 408 to what takes too long, 414 or 431 to
   * what is too long, else 400.
   */
  public void answer(HttpServerRequest request) {
    switch (request.decoderResult().cause()) {
      case UnsupportedVersionException _ -> answer(request, VERSION_NOT_SUPPORTED);
      case SlowHeadException _ -> answer(request, TOO_SLOW);
      default -> HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
    }
    doorkeeper.invalid(request.response().getStatusCode());
  }

  private static void answer(HttpServerRequest request, int status) {
    request.response().setStatusCode(status).end();
    request.connection().close();
  }
}
