package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.authenticate.remote.Form;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import io.vertx.core.Future;
import io.vertx.core.net.HostAndPort;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Begins a login: sends the browser to the identity provider, or lets the user choose where the
 * tenant has several.
 */
final class LoginEndpoint {
  private static final String PROVIDER = "provider";
  private static final String RETURN = "return";

  private final AccountHost accountHost;
  private final EnteredEndpoint entered;
  private final Discovery discovery;
  private final Attempts attempts;
  private final InstantSource clock;

  LoginEndpoint(
      AccountHost accountHost,
      EnteredEndpoint entered,
      Discovery discovery,
      Attempts attempts,
      InstantSource clock) {
    this.accountHost = accountHost;
    this.entered = entered;
    this.discovery = discovery;
    this.attempts = attempts;
    this.clock = clock;
  }

  Future<Reply> answer(Resolved request) {
    RequestHead head = request.request().head();
    if (!isSecure(head, request.request().host())) {
      throw new Rejection.LoginFailed(400, "Users can log in by https only.");
    }
    Query query = Query.of(request.request().target());
    String returnTo = query.get(RETURN).filter(LoginPaths::mayReturnTo).orElse("/");
    List<EdgeIdentityProvider> providers = providersOf(request);
    boolean account = accountHost.serves(request);
    if (providers.isEmpty() && !account) {
      throw new Rejection.LoginFailed(
          403, "There is no identity provider with which users could log in here.");
    }
    Optional<String> chosen = query.get(PROVIDER);
    if (chosen.isEmpty() && providers.size() + (account ? 1 : 0) > 1) {
      return Future.succeededFuture(
          Reply.page(Pages.choice(request.tenant(), providers, account, returnTo)));
    }
    if (account
        && chosen.orElse(AccountHost.PROVIDER).equals(AccountHost.PROVIDER)
        && (chosen.isPresent() || providers.isEmpty())) {
      return Future.succeededFuture(entered.begin(request, returnTo));
    }
    EdgeIdentityProvider provider =
        providers.stream()
            .filter(one -> chosen.isEmpty() || one.id().toString().equals(chosen.get()))
            .findFirst()
            .orElseThrow(
                () -> new Rejection.LoginFailed(400, "There is no such identity provider here."));
    return discovery
        .of(provider)
        .recover(_ -> Future.failedFuture(unavailable(provider)))
        .map(metadata -> begin(request, provider, metadata, returnTo));
  }

  /** None where the session that comes of it would not count. */
  private static List<EdgeIdentityProvider> providersOf(Resolved request) {
    return request.tenant().allows(AuthenticationMethod.SESSION)
        ? request.directory().identities().issuersOf(request.tenant().edge().id()).forLogin()
        : List.of();
  }

  static Rejection unavailable(EdgeIdentityProvider provider) {
    return new Rejection.LoginFailed(
        503,
        "The identity provider " + Pages.labelOf(provider) + " does not answer. Try again later.");
  }

  private Reply begin(
      Resolved request, EdgeIdentityProvider provider, ProviderMetadata metadata, String returnTo) {
    String origin = originOf(request.request().head(), request.request().host());
    LoginAttempt attempt =
        LoginAttempt.begin(provider.id(), origin + LoginPaths.CALLBACK, returnTo, clock.instant());
    return attempts.keep(
        request, attempt, Reply.redirect(302, authorizationRequest(metadata, provider, attempt)));
  }

  /** OpenID Connect Core section 3.1.2.1, RFC 7636 section 4.3. */
  private static String authorizationRequest(
      ProviderMetadata metadata, EdgeIdentityProvider provider, LoginAttempt attempt) {
    OidcLogin login = provider.login().orElseThrow();
    Set<String> scopes = new TreeSet<>(login.scopes().orElse(OidcLogin.DEFAULT_SCOPES));
    scopes.remove("openid");
    Form query =
        new Form()
            .add("response_type", "code")
            .add("client_id", login.client().id())
            .add("redirect_uri", attempt.redirectUri())
            .add("scope", ("openid " + String.join(" ", scopes)).strip())
            .add("state", attempt.state())
            .add("nonce", attempt.nonce())
            .add("code_challenge", attempt.challenge())
            .add("code_challenge_method", "S256");
    return withQuery(metadata.authorizationEndpoint().toString(), query);
  }

  static String withQuery(String url, Form query) {
    return url + (url.indexOf('?') < 0 ? "?" : "&") + query;
  }

  /** As the browser knows it. */
  static String originOf(RequestHead head, String host) {
    HostAndPort authority = head.authority();
    int port = authority == null ? -1 : authority.port();
    int usual = head.scheme().equals("https") ? 443 : 80;
    return head.scheme() + "://" + host + (port <= 0 || port == usual ? "" : ":" + port);
  }

  /** Browsers keep the session's cookie only there (Secure Contexts section 3.1). */
  static boolean isSecure(RequestHead head, String host) {
    return head.scheme().equals("https") || host.equals("localhost") || host.endsWith(".localhost");
  }
}
