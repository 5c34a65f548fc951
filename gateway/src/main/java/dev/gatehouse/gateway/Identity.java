package dev.gatehouse.gateway;

import dev.gatehouse.gateway.authenticate.ApiKeys;
import dev.gatehouse.gateway.authenticate.Authenticator;
import dev.gatehouse.gateway.authenticate.BearerTokens;
import dev.gatehouse.gateway.authenticate.ClientCertificates;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.decision.DecisionService;
import dev.gatehouse.gateway.authenticate.introspection.Introspector;
import dev.gatehouse.gateway.authenticate.jwt.TokenVerifier;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.directory.KeyUses;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.login.LoginParts;
import dev.gatehouse.gateway.login.Logins;
import dev.gatehouse.gateway.redis.RedisConfig;
import dev.gatehouse.gateway.session.EndedSessions;
import dev.gatehouse.gateway.session.OpenSessions;
import dev.gatehouse.gateway.session.SessionRef;
import dev.gatehouse.gateway.session.SessionStore;
import dev.gatehouse.gateway.upstream.NameResolver;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * All that finds out who calls, put together. What it calls, and what it keeps in Redis, lives on
 * the background's event loop.
 */
final class Identity {
  private final Authenticator authenticator;
  private final Logins logins;
  private final Optional<SessionStore> store;
  private final Optional<EndedSessions> ended;
  private final Optional<OpenSessions> open;

  /**
   * @param clock tells until when credentials, sessions and logins hold
   * @param background where no requests live
   * @param names finds the addresses of what tenants name
   * @param directory learns of sessions that have ended
   */
  Identity(
      GatewayConfig config,
      InstantSource clock,
      Vertx background,
      NameResolver names,
      LiveDirectory directory,
      KeyUses keyUses,
      MeterRegistry metrics) {
    ProviderCalls calls = new ProviderCalls(background, names, config.authenticate());
    TokenVerifier verifier = TokenVerifier.of(background, calls, config.authenticate(), metrics);
    Introspector introspector = new Introspector(calls, config.authenticate(), clock, metrics);
    Optional<RedisConfig> redis = config.redis();
    this.store = redis.map(at -> new SessionStore(background, at));
    this.ended = redis.map(at -> new EndedSessions(background, at, heard(directory)));
    LoginParts login =
        LoginParts.of(
            calls, verifier, store, this::hasEnded, directory, background, config, clock, metrics);
    this.logins = login.logins();
    this.open =
        store.map(in ->
            new OpenSessions(
                background,
                config.authenticate().recheckSessions(),
                in::probe,
                session -> login.sessions().isThere(directory.current(), session),
                this::isGone,
                metrics));
    // What users prove counts before machines.
    this.authenticator =
        new Authenticator(
            List.of(
                new BearerTokens(clock, verifier, introspector),
                login.sessions(),
                new ApiKeys(clock, keyUses),
                new ClientCertificates(clock, config.authenticate(), metrics)),
            new DecisionService(calls, metrics));
  }

  private EndedSessions.Listener heard(LiveDirectory directory) {
    return new EndedSessions.Listener() {
      @Override
      public void ended(UUID tenant, TokenDigest session) {
        directory.current().identities().issuersOf(tenant).sessions().forget(session);
        directory.sessionEnded();
      }

      @Override
      public void listening() {
        open.ifPresent(OpenSessions::beginRound);
      }
    };
  }

  /** As if it had been heard. */
  private void isGone(SessionRef session) {
    ended.ifPresent(sessions -> sessions.end(session.tenant(), session.digest()));
  }

  void start() {
    ended.ifPresent(EndedSessions::start);
    open.ifPresent(OpenSessions::start);
  }

  Authenticator authenticator() {
    return authenticator;
  }

  Logins logins() {
    return logins;
  }

  /** The sessions by which something is open; empty where there can be none. */
  Optional<OpenSessions> openSessions() {
    return open;
  }

  /** Whether a session was ended lately. */
  boolean hasEnded(TokenDigest session) {
    return ended.isPresent() && ended.get().contains(session);
  }

  Future<?> close() {
    Future<?> listening = ended.map(EndedSessions::close).orElse(Future.succeededFuture());
    return listening.eventually(
        () -> store.map(SessionStore::close).orElse(Future.succeededFuture()));
  }
}
