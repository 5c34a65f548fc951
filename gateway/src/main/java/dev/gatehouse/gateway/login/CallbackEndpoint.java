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
import dev.gatehouse.gateway.session.SessionKey;
import dev.gatehouse.gateway.session.SessionStore;
import dev.gatehouse.gateway.session.Sessions;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a login: what the provider sends the browser back with becomes a session. */
final class CallbackEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackEndpoint.class);

  private final Discovery discovery;
  private final TokenEndpoint tokens;
  private final LoginTokens loginTokens;
  private final Optional<SessionStore> store;
  private final LoginMeters meters;
  private final InstantSource clock;

  CallbackEndpoint(
      Discovery discovery,
      TokenEndpoint tokens,
      LoginTokens loginTokens,
      Optional<SessionStore> store,
      LoginMeters meters,
      InstantSource clock) {
    this.discovery = discovery;
    this.tokens = tokens;
    this.loginTokens = loginTokens;
    this.store = store;
    this.meters = meters;
    this.clock = clock;
  }

  Future<Reply> answer(Resolved request) {
    Query query = Query.of(request.request().target());
    String state = query.get("state").orElse("");
    String cookie = LoginAttempt.cookieFor(state);
    LoginAttempt attempt = attempt(request, cookie, state);
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
        .compose(session -> keep(request, provider, session))
        .map(key ->
            Reply.redirect(302, attempt.returnTo())
                .with(GatewayCookies.set(GatewayCookies.SESSION, key.reveal(), Optional.empty()))
                .with(GatewayCookies.clear(cookie)))
        .recover(failure -> Future.failedFuture(rejectionOf(provider, failure)))
        .onComplete((_, failure) -> meters.loggedIn(failure == null));
  }

  /**
   * The login that this browser began.
   *
   * @throws Rejection.LoginFailed if it did not, or too long ago: the answer may be somebody else's
   */
  private LoginAttempt attempt(Resolved request, String cookie, String state) {
    return GatewayCookies.find(request.request().head().allHeaders(), cookie)
        .flatMap(value ->
            LoginKeys.open(
                request.directory().signingKeyRing(),
                request.tenant().edge().id(),
                request.request().host(),
                cookie,
                value))
        .flatMap(LoginAttempt::decode)
        .filter(attempt -> attempt.isOfState(state))
        .filter(attempt -> clock.instant().isBefore(attempt.endsAt()))
        .orElseThrow(() ->
            new Rejection.LoginFailed(
                400,
                "This login was not begun in this browser, or longer than "
                    + LoginAttempt.LIFE.toMinutes()
                    + " minutes ago, or has ended already. Go to the application and begin"
                    + " again."));
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

  /** Under a new key: one that the browser had before may be known to others. */
  private Future<SessionKey> keep(
      Resolved request, EdgeIdentityProvider provider, Session session) {
    UUID tenant = request.tenant().edge().id();
    SessionStore in =
        store.orElseThrow(() ->
            new Rejection.LoginFailed(
                503, "This gateway keeps no sessions: its operator has given it no Redis."));
    SessionKey key = SessionKey.generate(tenant, request.request().host());
    return in.put(tenant, key, session, Sessions.idleOf(provider))
        .recover(failure -> {
          LOG.warn("a session cannot be kept: {}", failure.toString());
          return Future.failedFuture(Rejection.SessionsUnavailable.INSTANCE);
        })
        .map(_ -> {
          Sessions.keyIn(request).ifPresent(before -> in.end(tenant, before.digest()));
          return key;
        });
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
