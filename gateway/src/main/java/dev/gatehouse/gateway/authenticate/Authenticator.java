package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.admit.RequestHeaders;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import dev.gatehouse.gateway.authenticate.jwt.TokenFault;
import dev.gatehouse.gateway.authenticate.jwt.TokenVerifier;
import dev.gatehouse.gateway.directory.ApiKey;
import dev.gatehouse.gateway.directory.KeyUses;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.route.Route;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Lets callers in as the tenant's policy says. A key or token of another tenant is as good as none.
 */
public final class Authenticator {
  private final InstantSource clock;
  private final KeyUses keyUses;
  private final TokenVerifier tokens;

  /**
   * @param clock tells which keys have expired
   * @param keyUses told of every key that lets a caller in
   * @param tokens verifies those of identity providers
   */
  public Authenticator(InstantSource clock, KeyUses keyUses, TokenVerifier tokens) {
    this.clock = clock;
    this.keyUses = keyUses;
    this.tokens = tokens;
  }

  /**
   * Finds out who calls.
   *
   * @throws Rejection.Unauthenticated if the caller may not come in; also one who came with a bad
   *     credential where anonymous callers are welcome
   * @throws Rejection.IdentityProviderUnavailable if that cannot be found out now
   */
  public Authentication authenticate(Resolved request) {
    Tenant tenant = request.tenant();
    RequestHeaders headers = request.request().head().headers();
    PresentedKey key = PresentedKey.of(headers);
    String token = tenant.allowsTokens() ? PresentedToken.of(headers) : null;
    if (token != null) {
      if (key.present() || headers.hasManyCredentials()) {
        throw Rejection.Unauthenticated.BAD_CREDENTIAL;
      }
      return byToken(request, token);
    }
    if (key.present() && tenant.allowsApiKeys()) {
      return new Authenticated(request, principalOf(request, key));
    }
    if (tenant.allowsAnonymous()) {
      return new Authenticated(request, tenant.anonymous());
    }
    if (!key.present() && isOpen(request)) {
      return new Authenticated(request, tenant.anonymousByRoute());
    }
    throw key.present()
        ? Rejection.Unauthenticated.BAD_CREDENTIAL
        : Rejection.Unauthenticated.NO_CREDENTIAL;
  }

  /** Asked only of requests that would be refused: their routes are looked for twice. */
  private static boolean isOpen(Resolved request) {
    Route route = request.directory().routingTable().match(request.hostClass(), request.request());
    return route != null && route.isOpen();
  }

  private Authentication byToken(Resolved request, String token) {
    TenantIssuers issuers = request.directory().issuersOf(request.tenant().edge().id());
    long now = clock.millis();
    Principal known = tokens.known(issuers, token, now);
    if (known != null) {
      return new Authenticated(request, known);
    }
    return switch (tokens.verify(issuers, token, now)) {
      case TokenVerifier.Outcome.Verified(Principal principal) ->
          new Authenticated(request, principal);
      case TokenVerifier.Outcome.KeysWanted(var fetched) ->
          new Authentication.Awaited(fetched, Rejection.IdentityProviderUnavailable.INSTANCE);
      case TokenVerifier.Outcome.KeysUnavailable() ->
          throw Rejection.IdentityProviderUnavailable.INSTANCE;
      case TokenVerifier.Outcome.Refused(TokenFault fault) ->
          throw Rejection.Unauthenticated.token(fault.wireName(), fault.told());
    };
  }

  private Principal principalOf(Resolved request, PresentedKey presented) {
    Optional<SecretToken> token = presented.token();
    Optional<ApiKey> key = token.flatMap(found -> request.directory().apiKey(found.id()));
    long now = clock.millis();
    if (token.isEmpty() || key.isEmpty() || !key.get().admits(token.get(), now)) {
      throw Rejection.Unauthenticated.BAD_CREDENTIAL;
    }
    if (!key.get().tenantId().equals(request.tenant().edge().id())) {
      throw Rejection.Unauthenticated.FOREIGN_CREDENTIAL;
    }
    key.get().used(keyUses, now);
    return key.get().principal();
  }
}
