package dev.gatehouse.gateway.session;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.admit.BearerScheme;
import dev.gatehouse.gateway.admit.GatewayCookies;
import dev.gatehouse.gateway.authenticate.Authentication;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Evidence;
import dev.gatehouse.gateway.authenticate.Evidence.Verdict;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.Proof;
import dev.gatehouse.gateway.authenticate.ProofReader;
import dev.gatehouse.gateway.authenticate.TokenOrigin;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import dev.gatehouse.gateway.authenticate.remote.TenantCalls;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.session.Session.Origin;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Callers with the session of a user who has logged in. A gateway believes what it has read of a
 * session for ten seconds, less where it hears that the session was ended. Shared by all event
 * loops; never blocks.
 */
public final class Sessions implements ProofReader {
  private static final Duration BELIEVED_FOR = Duration.ofSeconds(10);
  private static final int KNOWN_PER_TENANT = 1000;

  /** At once: strangers with made-up cookies keep no other tenant's users waiting. */
  private static final int LOOKS_OF_ONE_TENANT = 256;

  /** How long one gateway may take to ask a provider again, before another may try. */
  private static final Duration REFRESH_AT_MOST = Duration.ofSeconds(10);

  /** For a session that is being refreshed it is looked so often, with such a pause. */
  private static final int LOOKS = 8;

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /** For so long a session holds whose provider cannot be asked. */
  private static final Duration MOST_OVERDUE = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final Optional<SessionStore> store;
  private final SessionRefresh refresh;
  private final Predicate<TokenDigest> ended;
  private final TenantCalls share = new TenantCalls(LOOKS_OF_ONE_TENANT);
  private final InstantSource clock;

  /**
   * @param store empty where there is no Redis: nobody can have a session then
   * @param refresh asks providers again
   * @param ended whether a session was ended lately
   */
  public Sessions(
      Optional<SessionStore> store,
      SessionRefresh refresh,
      Predicate<TokenDigest> ended,
      InstantSource clock) {
    this.store = store;
    this.refresh = refresh;
    this.ended = ended;
    this.clock = clock;
  }

  /** The cookie of a request, as what it may be here. */
  public static Optional<SessionKey> keyIn(Resolved request) {
    UUID tenant = request.tenant().edge().id();
    String host = request.request().host();
    return GatewayCookies.find(request.request().head().allHeaders(), GatewayCookies.SESSION)
        .flatMap(text -> SessionKey.parse(text, tenant, host));
  }

  @Override
  public Proof read(Resolved request, Evidence evidence) {
    RequestHead head = request.request().head();
    if (!allowedAt(request.tenant())
        || BearerScheme.tokenIn(head.headers().authorization()) != null) {
      return Proof.NONE;
    }
    Optional<SessionKey> cookie = keyIn(request);
    if (cookie.isEmpty()) {
      return Proof.NONE;
    }
    if (!CrossOrigin.mayUseSession(head, request.request().host())) {
      throw Rejection.CrossSite.INSTANCE;
    }
    SessionKey key = cookie.get();
    TenantIssuers issuers =
        request.directory().identities().issuersOf(request.tenant().edge().id());
    Verdict known = issuers.sessions().find(key.digest(), clock.millis());
    if (known instanceof Verdict.LetIn(Principal principal)
        && !request.tenant().allows(principal.method())) {
      known = null;
    }
    Optional<Verdict> said = known == null ? evidence.about(key.digest()) : Optional.of(known);
    return said.map(Evidence::proofOf)
        .orElseGet(() ->
            new Authentication.Awaited(
                look(request, issuers, key)
                    .map(verdict -> Optional.of(new Evidence.Finding(key.digest(), verdict))),
                Rejection.SessionsUnavailable.INSTANCE));
  }

  /**
   * The session of a request, with whom it shows; empty if it has none.
   *
   * @return fails if it cannot be looked up
   */
  public Future<Optional<Session>> find(Resolved request) {
    Optional<SessionKey> key = keyIn(request);
    if (key.isEmpty() || store.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    UUID tenant = request.tenant().edge().id();
    TenantIssuers issuers = request.directory().identities().issuersOf(tenant);
    return current(request.tenant(), issuers, key.get());
  }

  /**
   * The session of a request as it is stored, whether it still holds or not; empty if there is
   * none.
   *
   * @return fails if it cannot be looked up
   */
  public Future<Optional<Session>> stored(Resolved request) {
    Optional<SessionKey> key = keyIn(request);
    return key.isEmpty() || store.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : store.get().find(request.tenant().edge().id(), key.get());
  }

  private Future<Verdict> look(Resolved request, TenantIssuers issuers, SessionKey key) {
    if (store.isEmpty()) {
      return Future.succeededFuture(new Verdict.Nothing());
    }
    return share
        .within(request.tenant().edge().id(), () -> current(request.tenant(), issuers, key))
        .map(session -> verdictOf(issuers, key, session))
        .recover(failure -> {
          LOG.warn("a session cannot be looked up: {}", failure.toString());
          return Future.succeededFuture(
              new Verdict.Refused(Rejection.SessionsUnavailable.INSTANCE));
        });
  }

  private Verdict verdictOf(TenantIssuers issuers, SessionKey key, Optional<Session> session) {
    if (session.isEmpty()) {
      return new Verdict.Nothing();
    }
    Session found = session.get();
    Principal principal =
        new Principal(
            found.holder().subject(),
            found.holder().roles(),
            found.holder().scopes(),
            credentialOf(issuers, key, found));
    Verdict verdict = new Verdict.LetIn(principal);
    Instant until = earlier(clock.instant().plus(BELIEVED_FOR), found.endsAt());
    if (found.mayBeRefreshed()) {
      until = earlier(until, found.refreshAt());
    }
    issuers.sessions().keep(key.digest(), verdict, until.toEpochMilli(), KNOWN_PER_TENANT);
    if (ended.test(key.digest())) {
      // It was ended between the look and this moment.
      issuers.sessions().forget(key.digest());
      return new Verdict.Nothing();
    }
    return verdict;
  }

  /** Empty if there is none, it is over, or its provider does not count any more. */
  private Future<Optional<Session>> current(Tenant at, TenantIssuers issuers, SessionKey key) {
    SessionStore in = store.orElseThrow();
    UUID tenant = at.edge().id();
    return in.find(tenant, key)
        .map(found -> found.filter(one -> holds(at, issuers, one)))
        .compose(found -> {
          if (found.isEmpty()) {
            return Future.succeededFuture(found);
          }
          Session session = found.get();
          return session.isStale(clock.instant())
              ? refreshed(tenant, issuers, key, session)
              : in.touch(tenant, key.digest(), idleOf(issuers, session)).map(found);
        });
  }

  private boolean holds(Tenant tenant, TenantIssuers issuers, Session session) {
    return clock.instant().isBefore(session.endsAt())
        && switch (session.origin()) {
          case Origin.Provider by ->
              tenant.allows(AuthenticationMethod.SESSION)
                  && issuers
                      .byId(by.id())
                      .filter(provider -> provider.login().isPresent())
                      .filter(provider -> provider.issuer().equals(by.issuer()))
                      .filter(provider -> issuers.accept(originOf(provider, by, session)))
                      .isPresent();
          case Origin.Account _ -> tenant.allows(AuthenticationMethod.ACCOUNT);
        };
  }

  private static Credential credentialOf(TenantIssuers issuers, SessionKey key, Session session) {
    return switch (session.origin()) {
      case Origin.Provider by ->
          new Credential.Session(
              originOf(issuers.byId(by.id()).orElseThrow(), by, session), key.digest());
      case Origin.Account _ -> new Credential.AccountSession(key.digest());
    };
  }

  private Future<Optional<Session>> refreshed(
      UUID tenant, TenantIssuers issuers, SessionKey key, Session session) {
    SessionStore in = store.orElseThrow();
    return in.takeRefresh(tenant, key.digest(), REFRESH_AT_MOST)
        .compose(mine ->
            mine
                ? refresh
                    .refresh(tenant, issuers, session)
                    .compose(now ->
                        in.replace(tenant, key, now, idleOf(issuers, now)).map(Optional.of(now)))
                    .recover(failure -> notRefreshed(tenant, key, session, failure))
                : refreshedElsewhere(tenant, key, session, LOOKS));
  }

  /** Another request, or another gateway, asks at this moment, or has just asked in vain. */
  private Future<Optional<Session>> refreshedElsewhere(
      UUID tenant, SessionKey key, Session session, int looks) {
    SessionStore in = store.orElseThrow();
    return in.pause(LOOK_EVERY)
        .compose(_ -> in.find(tenant, key))
        .compose(found ->
            found.isEmpty() || !found.get().isStale(clock.instant())
                ? Future.succeededFuture(found)
                : looks > 1
                    ? refreshedElsewhere(tenant, key, session, looks - 1)
                    : overdue(session));
  }

  private Future<Optional<Session>> notRefreshed(
      UUID tenant, SessionKey key, Session session, Throwable failure) {
    if (failure instanceof SessionRefresh.EndedException) {
      return store.orElseThrow().end(tenant, key.digest()).map(Optional.empty());
    }
    LOG.warn("a session's provider cannot be asked: {}", failure.toString());
    return overdue(session);
  }

  /** Holds for a while: a provider that is down does not log everybody out. */
  private Future<Optional<Session>> overdue(Session session) {
    Instant now = clock.instant();
    return now.isBefore(session.refreshAt().plus(MOST_OVERDUE))
        ? Future.succeededFuture(Optional.of(session.refreshingAt(now.plus(BELIEVED_FOR))))
        : Future.failedFuture("its provider could not be asked for " + MOST_OVERDUE);
  }

  /** How long a session lasts unused. */
  public static Duration idleOf(TenantIssuers issuers, Session session) {
    return switch (session.origin()) {
      case Origin.Provider by -> idleOf(issuers, by.id());
      case Origin.Account _ -> OidcLogin.DEFAULT_IDLE_TIMEOUT;
    };
  }

  /** How long a session by a provider lasts unused. */
  public static Duration idleOf(TenantIssuers issuers, UUID provider) {
    return issuers
        .byId(provider)
        .flatMap(EdgeIdentityProvider::login)
        .flatMap(OidcLogin::idleTimeout)
        .orElse(OidcLogin.DEFAULT_IDLE_TIMEOUT);
  }

  /** Whether users can have sessions at a tenant. */
  public static boolean allowedAt(Tenant tenant) {
    return tenant.allows(AuthenticationMethod.SESSION)
        || tenant.allows(AuthenticationMethod.ACCOUNT);
  }

  private static TokenOrigin originOf(
      EdgeIdentityProvider provider, Origin.Provider by, Session session) {
    return TokenOrigin.of(
        provider, session.holder().subject(), by.sub(), Optional.of(session.vouchedAt()));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
