package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import io.vertx.core.Future;
import java.util.UUID;

/** Asks whether a session still holds, where that was said. */
@FunctionalInterface
public interface SessionRefresh {
  /**
   * Asks.
   *
   * @param session one that may be refreshed
   * @return the session as it is now; fails with an {@link EndedException} if it has been ended
   *     there, with anything else if it cannot be asked
   */
  Future<Session> refresh(UUID tenant, TenantIssuers issuers, Session session);

  /** Nobody vouches for the user any more. */
  final class EndedException extends Exception {
    public EndedException(String reason) {
      super(reason, null, false, false);
    }
  }
}
