package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.Future;
import java.util.Optional;

/** What comes of asking who calls, where the caller was not refused. */
public sealed interface Authentication permits Authenticated, Authentication.Awaited {
  /**
   * It takes something that is not here yet, such as an issuer's keys: ask once more when it is.
   *
   * @param ready completed, well or not, within a few seconds, on any thread; with what was found
   *     out, where that is of use to this request alone
   * @param otherwise what the caller is told if that did not help
   */
  record Awaited(Future<Optional<Evidence.Finding>> ready, Rejection otherwise)
      implements Authentication, Proof {}
}
