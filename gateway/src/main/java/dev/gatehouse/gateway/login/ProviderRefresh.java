package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.gateway.authenticate.jwt.IdToken;
import dev.gatehouse.gateway.authenticate.jwt.LoginTokens;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import dev.gatehouse.gateway.authenticate.jwt.TokenFault;
import dev.gatehouse.gateway.authenticate.jwt.TokenRefusedException;
import dev.gatehouse.gateway.session.Session;
import dev.gatehouse.gateway.session.Session.Origin;
import dev.gatehouse.gateway.session.SessionRefresh;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Asks a session's provider for new tokens (OpenID Connect Core section 12). */
final class ProviderRefresh implements SessionRefresh {
  private final Discovery discovery;
  private final TokenEndpoint tokens;
  private final LoginTokens loginTokens;
  private final SessionRefresh accounts;
  private final LoginMeters meters;
  private final InstantSource clock;

  ProviderRefresh(
      Discovery discovery,
      TokenEndpoint tokens,
      LoginTokens loginTokens,
      SessionRefresh accounts,
      LoginMeters meters,
      InstantSource clock) {
    this.discovery = discovery;
    this.tokens = tokens;
    this.loginTokens = loginTokens;
    this.accounts = accounts;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public Future<Session> refresh(UUID tenant, TenantIssuers issuers, Session session) {
    if (!(session.origin() instanceof Origin.Provider by)) {
      return accounts.refresh(tenant, issuers, session);
    }
    EdgeIdentityProvider provider = issuers.byId(by.id()).orElseThrow();
    String refreshToken = by.refreshToken().orElseThrow();
    return discovery
        .of(provider)
        .compose(metadata -> tokens.byRefreshToken(metadata, provider, refreshToken))
        .compose(given ->
            idToken(issuers, provider, by, given)
                .map(said -> SessionTimes.again(session, by, said, given, clock.instant())))
        .recover(failure ->
            Future.failedFuture(
                isEnd(failure)
                    ? new EndedException(String.valueOf(failure.getMessage()))
                    : failure))
        .onComplete((_, failure) -> meters.refreshed(failure == null));
  }

  /** Not a key that is not known yet, nor a fault of the provider's or of what is before it. */
  private static boolean isEnd(Throwable failure) {
    return failure instanceof EndedException
        || failure instanceof TokenEndpoint.RefusedException
        || (failure instanceof TokenRefusedException refused
            && refused.fault() != TokenFault.UNKNOWN_KEY);
  }

  private Future<Optional<IdToken>> idToken(
      TenantIssuers issuers,
      EdgeIdentityProvider provider,
      Origin.Provider by,
      TokenEndpoint.Tokens given) {
    if (given.idToken().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return loginTokens
        .idToken(issuers, provider, given.idToken().get(), Optional.empty())
        .compose(said ->
            said.sub().equals(by.sub())
                ? Future.succeededFuture(Optional.of(said))
                : Future.failedFuture(new EndedException("the provider names another user")));
  }
}
