package dev.gatehouse.gateway.login;

import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import dev.gatehouse.gateway.authenticate.jwt.LoginTokens;
import dev.gatehouse.gateway.authenticate.jwt.TokenVerifier;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.session.SessionStore;
import dev.gatehouse.gateway.session.Sessions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What it takes to let users log in.
 *
 * @param logins answers what is asked at {@link LoginPaths}
 * @param sessions reads what came of it
 */
public record LoginParts(Logins logins, Sessions sessions) {
  /**
   * Puts it together.
   *
   * @param calls reaches the identity providers
   * @param verifier verifies what they sign
   * @param store keeps sessions; empty where there is none, so that nobody can log in
   */
  public static LoginParts of(
      ProviderCalls calls,
      TokenVerifier verifier,
      Optional<SessionStore> store,
      AuthenticateConfig config,
      InstantSource clock,
      MeterRegistry metrics) {
    Discovery discovery = new Discovery(calls, config.fetchTimeout(), System::nanoTime);
    TokenEndpoint tokens = new TokenEndpoint(calls, config.fetchTimeout());
    LoginTokens loginTokens = new LoginTokens(verifier, clock);
    LoginMeters meters = new LoginMeters(metrics);
    Sessions sessions =
        new Sessions(
            store, new ProviderRefresh(discovery, tokens, loginTokens, meters, clock), clock);
    return new LoginParts(
        new Logins(
            new LoginEndpoint(discovery, clock),
            new CallbackEndpoint(discovery, tokens, loginTokens, store, meters, clock),
            new LogoutEndpoint(discovery, loginTokens, sessions, store, meters),
            new SessionEndpoint(sessions)),
        sessions);
  }
}
