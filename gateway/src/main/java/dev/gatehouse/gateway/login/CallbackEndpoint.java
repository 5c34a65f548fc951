package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.gateway.admit.GatewayCookies;
import dev.gatehouse.gateway.authenticate.jwt.LoginTokens;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import dev.gatehouse.gateway.authenticate.jwt.TokenRefusedException;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.session.Session;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a login: what the provider sends the browser back with becomes a session. */
final class CallbackEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackEndpoint.class);

  private final Discovery discovery;
  private final TokenEndpoint tokens;
  private final LoginTokens loginTokens;
  private final Attempts attempts;
  private final NewSessions newSessions;
  private final LoginMeters meters;
  private final InstantSource clock;

  CallbackEndpoint(
      Discovery discovery,
      TokenEndpoint tokens,
      LoginTokens loginTokens,
      Attempts attempts,
      NewSessions newSessions,
      LoginMeters meters,
      InstantSource clock) {
    this.discovery = discovery;
    this.tokens = tokens;
    this.loginTokens = loginTokens;
    this.attempts = attempts;
    this.newSessions = newSessions;
    this.meters = meters;
    this.clock = clock;
  }

  Future<Reply> answer(Resolved request) {
    Query query = Query.of(request.request().target());
    String state = query.get("state").orElse("");
    LoginAttempt attempt = attempts.find(request, state);
    TenantIssuers issuers =
        request.directory().identities().issuersOf(request.tenant().edge().id());
    EdgeIdentityProvider provider =
        issuers
            .byId(attempt.provider())
            .filter(one -> one.login().isPresent())
            .orElseThrow(() ->
                new Rejection.LoginFailed(400, "There is no such identity provider any more."));
    return discovery
        .of(provider)
        .recover(_ -> Future.failedFuture(LoginEndpoint.unavailable(provider)))
        .compose(metadata -> {
          String code = codeIn(query, metadata, provider);
          return tokens
              .byCode(metadata, provider, attempt, code)
              .compose(given -> session(issuers, provider, attempt, given));
        })
        .compose(session -> newSessions.start(request, session))
        .map(cookie ->
            Reply.redirect(302, attempt.returnTo())
                .with(cookie)
                .with(GatewayCookies.clear(LoginAttempt.cookieFor(state))))
        .recover(failure -> Future.failedFuture(rejectionOf(provider, failure)))
        .onComplete((_, failure) -> meters.loggedIn(failure == null));
  }

  private static String codeIn(
      Query query, ProviderMetadata metadata, EdgeIdentityProvider provider) {
    Optional<String> issuer = query.get("iss");
    if (issuer.isPresent() ? !issuer.get().equals(provider.issuer()) : metadata.namesItself()) {
      throw new Rejection.LoginFailed(400, "The answer is another identity provider's.");
    }
    Optional<String> error = query.get("error");
    if (error.isPresent()) {
      boolean denied = error.get().equals("access_denied");
      throw new Rejection.LoginFailed(
          denied ? 403 : 502,
          denied
              ? "The login was refused at the identity provider, or given up there."
              : "The identity provider answered with an error. Go to the application and begin"
                  + " again.");
    }
    return query
        .get("code")
        .orElseThrow(() -> new Rejection.LoginFailed(400, "The answer holds no code."));
  }

  private Future<Session> session(
      TenantIssuers issuers,
      EdgeIdentityProvider provider,
      LoginAttempt attempt,
      TokenEndpoint.Tokens given) {
    if (given.idToken().isEmpty()) {
      return Future.failedFuture("the token endpoint gave no ID token");
    }
    return loginTokens
        .idToken(issuers, provider, given.idToken().get(), Optional.of(attempt.nonce()))
        .map(idToken -> SessionTimes.begin(idToken, given, clock.instant()));
  }

  private static Rejection rejectionOf(EdgeIdentityProvider provider, Throwable failure) {
    if (failure instanceof Rejection rejection) {
      return rejection;
    }
    if (failure instanceof ProviderCalls.BusyException) {
      return Rejection.Overloaded.UPSTREAM_BUSY;
    }
    LOG.warn("login by {}: {}", provider.issuer(), failure.getMessage());
    return switch (failure) {
      case TokenEndpoint.RefusedException _ ->
          new Rejection.LoginFailed(
              400,
              "The identity provider does not accept this login any more. Go to the application"
                  + " and begin again.");
      case TokenRefusedException refused ->
          new Rejection.LoginFailed(
              403,
              "What the identity provider says of the user does not count here ("
                  + refused.fault().wireName()
                  + ").");
      default ->
          new Rejection.LoginFailed(
              502,
              "The identity provider "
                  + Pages.labelOf(provider)
                  + " does not answer as it should. Try again later, or tell whoever manages this"
                  + " application.");
    };
  }
}
