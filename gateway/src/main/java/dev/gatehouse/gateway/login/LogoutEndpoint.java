package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.admit.GatewayCookies;
import dev.gatehouse.gateway.authenticate.jwt.LoginTokens;
import dev.gatehouse.gateway.authenticate.jwt.LogoutToken;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import dev.gatehouse.gateway.authenticate.jwt.TokenFault;
import dev.gatehouse.gateway.authenticate.jwt.TokenRefusedException;
import dev.gatehouse.gateway.authenticate.remote.Form;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.session.CrossOrigin;
import dev.gatehouse.gateway.session.Session;
import dev.gatehouse.gateway.session.Session.Origin;
import dev.gatehouse.gateway.session.SessionKey;
import dev.gatehouse.gateway.session.SessionStore;
import dev.gatehouse.gateway.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends sessions: by the user, who is then logged out at the provider, too (OpenID Connect
 * RP-Initiated Logout 1.0), and by the provider (Back-Channel Logout 1.0).
 */
final class LogoutEndpoint {
  @Bound(
      of = "a provider's logout token",
      unit = "bytes",
      atIt = "413",
      metric = "gatehouse_requests_refused_total{problem=\"body-too-large\"}")
  private static final int MAX_FORM_BYTES = 16 * 1024;

  /** A provider sends it as a whole. */
  private static final int BODY_SECONDS = 10;

  private final AccountHost accountHost;
  private final Discovery discovery;
  private final LoginTokens loginTokens;
  private final Sessions sessions;
  private final Optional<SessionStore> store;
  private final LoginMeters meters;

  LogoutEndpoint(
      AccountHost accountHost,
      Discovery discovery,
      LoginTokens loginTokens,
      Sessions sessions,
      Optional<SessionStore> store,
      LoginMeters meters) {
    this.accountHost = accountHost;
    this.discovery = discovery;
    this.loginTokens = loginTokens;
    this.sessions = sessions;
    this.store = store;
    this.meters = meters;
  }

  /** A GET asks whether that is meant: a link, or a page elsewhere, logs nobody out. */
  Future<Reply> answer(Resolved request) {
    RequestHead head = request.request().head();
    if (!head.method().equals(HttpMethod.POST)) {
      return Future.succeededFuture(Reply.page(Pages.logout(request.tenant())));
    }
    if (!CrossOrigin.isOfSameOrigin(head, request.request().host())) {
      throw Rejection.CrossSite.INSTANCE;
    }
    Optional<SessionKey> key = Sessions.keyIn(request);
    if (key.isEmpty() || store.isEmpty()) {
      return Future.succeededFuture(loggedOut(LoginPaths.LOGGED_OUT));
    }
    UUID tenant = request.tenant().edge().id();
    return sessions
        .stored(request)
        .compose(session -> store.get().end(tenant, key.get().digest()).map(session))
        .recover(_ -> Future.failedFuture(Rejection.SessionsUnavailable.INSTANCE))
        .compose(session -> {
          meters.loggedOut(1);
          return atProvider(request, session);
        })
        .map(LogoutEndpoint::loggedOut);
  }

  private static Reply loggedOut(String location) {
    return Reply.redirect(303, location).with(GatewayCookies.clear(GatewayCookies.SESSION));
  }

  /** Where the browser goes on to; a provider that cannot be asked holds nobody up. */
  private Future<String> atProvider(Resolved request, Optional<Session> session) {
    TenantIssuers issuers =
        request.directory().identities().issuersOf(request.tenant().edge().id());
    Optional<Origin.Provider> by =
        session
            .map(Session::origin)
            .filter(Origin.Provider.class::isInstance)
            .map(Origin.Provider.class::cast);
    Optional<EdgeIdentityProvider> provider =
        by.flatMap(one -> issuers.byId(one.id())).filter(one -> one.login().isPresent());
    if (by.isEmpty() && session.isPresent() && accountHost.serves(request)) {
      // Otherwise the next login would be over before the user sees it.
      return Future.succeededFuture(accountHost.url(request, LoginPaths.LOGOUT, new Form()));
    }
    return provider.isEmpty()
        ? Future.succeededFuture(LoginPaths.LOGGED_OUT)
        : discovery
            .of(provider.get())
            .map(metadata ->
                metadata
                    .endSessionEndpoint()
                    .map(endpoint ->
                        endSession(request, provider.get(), by.orElseThrow(), endpoint.toString()))
                    .orElse(LoginPaths.LOGGED_OUT))
            .otherwise(LoginPaths.LOGGED_OUT);
  }

  private static String endSession(
      Resolved request, EdgeIdentityProvider provider, Origin.Provider by, String endpoint) {
    String origin = LoginEndpoint.originOf(request.request().head(), request.request().host());
    Form query = new Form();
    by.idToken().ifPresent(token -> query.add("id_token_hint", token));
    query
        .add("client_id", provider.login().map(OidcLogin::client).orElseThrow().id())
        .add("post_logout_redirect_uri", origin + LoginPaths.LOGGED_OUT);
    return LoginEndpoint.withQuery(endpoint, query);
  }

  /** A provider says that a user's sessions, or one of them, have ended. */
  Future<Reply> byBackChannel(Exchange exchange, Resolved request) {
    long length = request.request().contentLength();
    if (!request.request().hasLength() || length > MAX_FORM_BYTES) {
      throw new Rejection.BodyTooLarge(MAX_FORM_BYTES);
    }
    TenantIssuers issuers =
        request.directory().identities().issuersOf(request.tenant().edge().id());
    return exchange
        .request()
        .body()
        .timeout(BODY_SECONDS, TimeUnit.SECONDS)
        .recover(late ->
            Future.failedFuture(
                late instanceof TimeoutException ? Rejection.RequestTimedOut.INSTANCE : late))
        .compose(body -> byForm(issuers, Query.ofForm(body.toString())))
        .recover(failure ->
            failure instanceof TokenRefusedException refused
                ? Future.succeededFuture(
                    invalid("the logout token is not valid here" + reasonOf(refused.fault())))
                : Future.failedFuture(
                    failure instanceof Rejection
                        ? failure
                        : Rejection.SessionsUnavailable.INSTANCE));
  }

  private Future<Reply> byForm(TenantIssuers issuers, Query form) {
    Optional<String> token = form.get("logout_token");
    return token.isEmpty()
        ? Future.succeededFuture(invalid("logout_token is missing"))
        : loginTokens.logoutToken(issuers, token.get()).compose(this::end);
  }

  private Future<Reply> end(LogoutToken token) {
    SessionStore in = store.orElseThrow(() -> Rejection.SessionsUnavailable.INSTANCE);
    UUID tenant = token.provider().tenantId();
    UUID provider = token.provider().id();
    Future<Integer> ended =
        token.sid().isPresent()
            ? in.endAllOfProviderSession(tenant, provider, token.sid().get())
            : in.endAllOfUser(tenant, provider, token.sub().orElseThrow());
    return ended.map(count -> {
      meters.loggedOut(count);
      return Reply.empty(200);
    });
  }

  /** As with other tokens, whose issuers a tenant trusts is nothing that strangers find out. */
  private static String reasonOf(TokenFault fault) {
    return fault.told().isEmpty() ? "" : ": " + fault.wireName();
  }

  /** Back-Channel Logout section 2.8. */
  private static Reply invalid(String description) {
    return Reply.json(
        400, JsonObject.of("error", "invalid_request", "error_description", description));
  }
}
