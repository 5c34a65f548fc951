package dev.gatehouse.gateway.authenticate.jwt;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.authenticate.jwt.TokenVerifier.KeysMissing;
import dev.gatehouse.gateway.authenticate.jwt.TokenVerifier.Outcome;
import dev.gatehouse.gateway.authenticate.jwt.TokenVerifier.Signed;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies what identity providers sign of logins: ID tokens and logout tokens. By the same keys
 * and the same rules as bearer tokens, but neither is ever taken for one. Any thread; futures
 * complete on any.
 */
public final class LoginTokens {
  private static final Set<String> ID_TOKEN = Set.of("jwt");
  private static final Set<String> LOGOUT_TOKEN = Set.of("jwt", "logout+jwt");

  private final TokenVerifier verifier;
  private final InstantSource clock;

  public LoginTokens(TokenVerifier verifier, InstantSource clock) {
    this.verifier = verifier;
    this.clock = clock;
  }

  /** The issuer's keys cannot be had. */
  public static final class KeysUnavailableException extends Exception {
    private KeysUnavailableException() {
      super("the provider's keys cannot be had", null, false, false);
    }
  }

  /**
   * Who logged in.
   *
   * @param issuers of the tenant
   * @param provider of these: nobody else's token will do
   * @param nonce what the login was begun with; empty for a token that came by a refresh
   * @return fails with a {@link TokenRefusedException} or a {@link KeysUnavailableException}
   */
  public Future<IdToken> idToken(
      TenantIssuers issuers, EdgeIdentityProvider provider, String token, Optional<String> nonce) {
    return signed(issuers, token)
        .compose(signed -> {
          try {
            String client = clientOf(signed);
            if (!signed.issuer().provider().id().equals(provider.id())) {
              throw new TokenRefusedException(TokenFault.UNKNOWN_ISSUER);
            }
            requireType(signed, ID_TOKEN);
            return Future.succeededFuture(
                signed.issuer().idToken(signed.claims(), client, nonce, clock.millis()));
          } catch (TokenRefusedException e) {
            return Future.failedFuture(e);
          }
        });
  }

  /**
   * Whose sessions are to end.
   *
   * @return fails as {@link #idToken} does
   */
  public Future<LogoutToken> logoutToken(TenantIssuers issuers, String token) {
    return signed(issuers, token)
        .compose(signed -> {
          try {
            requireType(signed, LOGOUT_TOKEN);
            return Future.succeededFuture(
                signed.issuer().logoutToken(signed.claims(), clientOf(signed), clock.millis()));
          } catch (TokenRefusedException e) {
            return Future.failedFuture(e);
          }
        });
  }

  private static void requireType(Signed signed, Set<String> types) throws TokenRefusedException {
    if (signed.type() != null
        && !types.contains(signed.type().getType().toLowerCase(Locale.ROOT))) {
      throw new TokenRefusedException(TokenFault.TYPE);
    }
  }

  private static String clientOf(Signed signed) throws TokenRefusedException {
    return signed
        .issuer()
        .provider()
        .login()
        .map(OidcLogin::client)
        .orElseThrow(() -> new TokenRefusedException(TokenFault.UNKNOWN_ISSUER))
        .id();
  }

  private Future<Signed> signed(TenantIssuers issuers, String token) {
    return check(issuers, token)
        .compose(checked ->
            switch (checked) {
              case Signed signed -> Future.succeededFuture(signed);
              case KeysMissing(Outcome.KeysWanted(var fetched)) ->
                  fetched
                      .transform(_ -> check(issuers, token))
                      .compose(again ->
                          again instanceof Signed signed
                              ? Future.succeededFuture(signed)
                              : Future.failedFuture(new KeysUnavailableException()));
              case KeysMissing _ -> Future.failedFuture(new KeysUnavailableException());
            });
  }

  private Future<TokenVerifier.Checked> check(TenantIssuers issuers, String token) {
    try {
      return Future.succeededFuture(verifier.signed(issuers, token));
    } catch (TokenRefusedException e) {
      return Future.failedFuture(e);
    }
  }
}
