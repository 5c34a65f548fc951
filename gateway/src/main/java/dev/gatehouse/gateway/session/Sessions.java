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
import dev.gatehouse.gateway.directory.TenantDirectory;
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
  static final Duration BELIEVED_FOR = Duration.ofSeconds(10);

  private static final int KNOWN_PER_TENANT = 1000;

  /** At once: strangers with made-up cookies keep no other tenant's users waiting. */
  private static final int LOOKS_OF_ONE_TENANT = 256;

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final Optional<SessionStore> store;
  private final Optional<SessionUpkeep> upkeep;
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
    this.upkeep = store.map(in -> new SessionUpkeep(in, refresh, clock));
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
    return current(request.tenant(), issuers, key.get().ref());
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
        : store.get().find(key.get().ref());
  }

  private Future<Verdict> look(Resolved request, TenantIssuers issuers, SessionKey key) {
    if (store.isEmpty()) {
      return Future.succeededFuture(new Verdict.Nothing());
    }
    SessionRef ref = key.ref();
    return share
        .within(ref.tenant(), () -> current(request.tenant(), issuers, ref))
        .map(session -> verdictOf(issuers, ref, session))
        .recover(failure -> {
          LOG.warn("a session cannot be looked up: {}", failure.toString());
          return Future.succeededFuture(
              new Verdict.Refused(Rejection.SessionsUnavailable.INSTANCE));
        });
  }

  private Verdict verdictOf(TenantIssuers issuers, SessionRef ref, Optional<Session> session) {
    if (session.isEmpty()) {
      return new Verdict.Nothing();
    }
    Session found = session.get();
    Principal principal =
        new Principal(
            found.holder().subject(),
            found.holder().roles(),
            found.holder().scopes(),
            credentialOf(issuers, ref, found));
    Verdict verdict = new Verdict.LetIn(principal);
    Instant until = earlier(clock.instant().plus(BELIEVED_FOR), found.endsAt());
    if (found.mayBeRefreshed()) {
      until = earlier(until, found.refreshAt());
    }
    issuers.sessions().keep(ref.digest(), verdict, until.toEpochMilli(), KNOWN_PER_TENANT);
    if (ended.test(ref.digest())) {
      // It was ended between the look and this moment.
      issuers.sessions().forget(ref.digest());
      return new Verdict.Nothing();
    }
    return verdict;
  }

  /** Empty if there is none, it is over, or its provider does not count any more. */
  private Future<Optional<Session>> current(Tenant at, TenantIssuers issuers, SessionRef ref) {
    return store
        .orElseThrow()
        .find(ref)
        .map(found -> found.filter(one -> !isOver(one) && isAccepted(at, issuers, one)))
        .compose(found ->
            found.isEmpty()
                ? Future.succeededFuture(found)
                : upkeep.orElseThrow().used(issuers, ref, found.get()));
  }

  /**
   * Whether a session is still there by which something is open; asks as for a request. Whether its
   * tenant still accepts it is not said: {@link dev.gatehouse.gateway.authenticate.Withdrawal}
   * does.
   *
   * @return fails if that cannot be asked
   */
  public Future<Boolean> isThere(TenantDirectory directory, SessionRef ref) {
    Optional<Tenant> at = directory.byId(ref.tenant());
    if (at.isEmpty()) {
      return Future.succeededFuture(true);
    }
    TenantIssuers issuers = directory.identities().issuersOf(ref.tenant());
    return store
        .orElseThrow()
        .find(ref)
        .compose(found -> {
          if (found.isEmpty() || isOver(found.get())) {
            return Future.succeededFuture(false);
          }
          return isAccepted(at.get(), issuers, found.get())
              ? upkeep.orElseThrow().used(issuers, ref, found.get()).map(Optional::isPresent)
              : Future.succeededFuture(true);
        });
  }

  private boolean isOver(Session session) {
    return !clock.instant().isBefore(session.endsAt());
  }

  private static boolean isAccepted(Tenant tenant, TenantIssuers issuers, Session session) {
    return switch (session.origin()) {
      case Origin.Provider by ->
          tenant.allows(AuthenticationMethod.SESSION)
              && issuers
                  .byId(by.id())
                  .filter(provider -> provider.issuer().equals(by.issuer()))
                  .filter(provider -> issuers.acceptLogin(originOf(provider, by, session)))
                  .isPresent();
      case Origin.Account _ -> tenant.allows(AuthenticationMethod.ACCOUNT);
    };
  }

  private static Credential credentialOf(TenantIssuers issuers, SessionRef ref, Session session) {
    return switch (session.origin()) {
      case Origin.Provider by ->
          new Credential.Session(originOf(issuers.byId(by.id()).orElseThrow(), by, session), ref);
      case Origin.Account _ -> new Credential.AccountSession(ref);
    };
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
