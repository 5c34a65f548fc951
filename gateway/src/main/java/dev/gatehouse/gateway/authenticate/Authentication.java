package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.Future;

/** What comes of asking who calls, where the caller was not refused. */
public sealed interface Authentication permits Authenticated, Authentication.Awaited {
  /**
   * It takes something that is not here yet, such as an issuer's keys: ask once more when it is.
   *
   * @param ready completed, well or not, within a few seconds, on any thread
   * @param otherwise what the caller is told if that did not help
   */
  record Awaited(Future<?> ready, Rejection otherwise) implements Authentication {}
}
