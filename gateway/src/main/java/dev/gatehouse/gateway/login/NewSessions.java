package dev.gatehouse.gateway.login;

import dev.gatehouse.gateway.admit.GatewayCookies;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.session.Session;
import dev.gatehouse.gateway.session.SessionKey;
import dev.gatehouse.gateway.session.SessionStore;
import dev.gatehouse.gateway.session.Sessions;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins sessions. */
final class NewSessions {
  private static final Logger LOG = LoggerFactory.getLogger(NewSessions.class);

  private final Optional<SessionStore> store;

  /**
   * @param store empty where there is none, so that no session can begin
   */
  NewSessions(Optional<SessionStore> store) {
    this.store = store;
  }

  /**
   * Begins one, under a new key: one that the browser had before may be known to others, and ends.
   *
   * @return the cookie that holds it
   */
  Future<String> start(Resolved request, Session session) {
    UUID tenant = request.tenant().edge().id();
    TenantIssuers issuers = request.directory().identities().issuersOf(tenant);
    SessionStore in =
        store.orElseThrow(() ->
            new Rejection.LoginFailed(
                503, "This gateway keeps no sessions: its operator has given it no Redis."));
    SessionKey key = SessionKey.generate(tenant, request.request().host());
    return in.put(key.ref(), session, Sessions.idleOf(issuers, session))
        .recover(failure -> {
          LOG.warn("a session cannot be kept: {}", failure.toString());
          return Future.failedFuture(Rejection.SessionsUnavailable.INSTANCE);
        })
        .map(_ -> {
          Sessions.keyIn(request).ifPresent(before -> in.end(tenant, before.digest()));
          return GatewayCookies.set(GatewayCookies.SESSION, key.reveal(), Optional.empty());
        });
  }
}
