package dev.gatehouse.gateway.session;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import io.vertx.core.Future;

/** Asks a provider whether a session still holds. */
@FunctionalInterface
public interface SessionRefresh {
  /**
   * Asks.
   *
   * @param session with a refresh token
   * @return the session as it is now; fails with an {@link EndedException} if the provider has
   *     ended it, with anything else if it cannot be asked
   */
  Future<Session> refresh(TenantIssuers issuers, EdgeIdentityProvider provider, Session session);

  /** The provider does not vouch for the user any more. */
  final class EndedException extends Exception {
    public EndedException(String reason) {
      super(reason, null, false, false);
    }
  }
}
