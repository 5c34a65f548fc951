package dev.gatehouse.gateway.login;

import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.jwt.LoginTokens;
import dev.gatehouse.gateway.authenticate.jwt.TokenVerifier;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.session.SessionStore;
import dev.gatehouse.gateway.session.Sessions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

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
   * @param ended whether a session was ended lately
   * @param directory tells whether the account host still counts
   * @param background where the control plane is asked
   */
  public static LoginParts of(
      ProviderCalls calls,
      TokenVerifier verifier,
      Optional<SessionStore> store,
      Predicate<TokenDigest> ended,
      LiveDirectory directory,
      Vertx background,
      GatewayConfig gateway,
      InstantSource clock,
      MeterRegistry metrics) {
    AuthenticateConfig config = gateway.authenticate();
    AccountHost accountHost = new AccountHost(config.accountHost());
    Discovery discovery = new Discovery(calls, config.fetchTimeout(), System::nanoTime);
    TokenEndpoint tokens = new TokenEndpoint(calls, config.fetchTimeout());
    LoginTokens loginTokens = new LoginTokens(verifier, clock);
    LoginMeters meters = new LoginMeters(metrics);
    Memberships memberships = new Memberships(background, gateway.feed());
    Attempts attempts = new Attempts(clock);
    NewSessions newSessions = new NewSessions(store);
    Sessions sessions =
        new Sessions(
            store,
            new ProviderRefresh(
                discovery,
                tokens,
                loginTokens,
                new AccountRefresh(directory, store, memberships, clock),
                meters,
                clock),
            ended,
            clock);
    EnteredEndpoint entered =
        new EnteredEndpoint(accountHost, attempts, memberships, newSessions, store, meters, clock);
    return new LoginParts(
        new Logins(
            accountHost,
            new LoginEndpoint(accountHost, entered, discovery, attempts, clock),
            new CallbackEndpoint(
                discovery, tokens, loginTokens, attempts, newSessions, meters, clock),
            new EnterEndpoint(accountHost, sessions, memberships, store),
            entered,
            new LogoutEndpoint(accountHost, discovery, loginTokens, sessions, store, meters),
            new SessionEndpoint(sessions)),
        sessions);
  }
}
