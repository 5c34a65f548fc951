package dev.gatehouse.gateway.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.edge.AccountMembership;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.gateway.admit.GatewayCookies;
import dev.gatehouse.gateway.authenticate.remote.Form;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.session.Session;
import dev.gatehouse.gateway.session.SessionKey;
import dev.gatehouse.gateway.session.SessionStore;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tenant's side of entering by the account host: it asks there for a code, for this browser
 * alone, and makes a session of it.
 */
final class EnteredEndpoint {
  /** In a login that has begun, what stands for the account host in the place of a provider. */
  private static final UUID ACCOUNT = new UUID(0, 0);

  private static final Logger LOG = LoggerFactory.getLogger(EnteredEndpoint.class);

  private final AccountHost accountHost;
  private final Attempts attempts;
  private final Memberships memberships;
  private final NewSessions newSessions;
  private final Optional<SessionStore> store;
  private final LoginMeters meters;
  private final InstantSource clock;

  EnteredEndpoint(
      AccountHost accountHost,
      Attempts attempts,
      Memberships memberships,
      NewSessions newSessions,
      Optional<SessionStore> store,
      LoginMeters meters,
      InstantSource clock) {
    this.accountHost = accountHost;
    this.attempts = attempts;
    this.memberships = memberships;
    this.newSessions = newSessions;
    this.store = store;
    this.meters = meters;
    this.clock = clock;
  }

  /** Sends the browser to the account host. */
  Reply begin(Resolved request, String returnTo) {
    LoginAttempt attempt = LoginAttempt.begin(ACCOUNT, "", returnTo, clock.instant());
    Form query =
        new Form()
            .add("to", request.request().host())
            .add("state", attempt.state())
            .add("challenge", attempt.challenge());
    return attempts.keep(
        request, attempt, Reply.redirect(302, accountHost.url(request, LoginPaths.ENTER, query)));
  }

  /** The browser is back, with a code. */
  Future<Reply> answer(Resolved request) {
    if (!accountHost.serves(request)) {
      throw Rejection.NoRoute.INSTANCE;
    }
    Query query = Query.of(request.request().target());
    String state = query.get("state").orElse("");
    LoginAttempt attempt = attempts.find(request, state);
    UUID tenant = request.tenant().edge().id();
    SessionKey code =
        query
            .get("code")
            .filter(_ -> attempt.provider().equals(ACCOUNT))
            .flatMap(text -> SessionKey.parse(text, tenant, request.request().host()))
            .orElseThrow(EnteredEndpoint::notThisCode);
    SessionStore in = store.orElseThrow(() -> Rejection.SessionsUnavailable.INSTANCE);
    return in.takeOnce(code.digest())
        .recover(_ -> Future.failedFuture(Rejection.SessionsUnavailable.INSTANCE))
        .map(sealed ->
            sealed
                .flatMap(code::open)
                .flatMap(EntryCode::decode)
                .filter(entry -> isOf(attempt, entry))
                .orElseThrow(EnteredEndpoint::notThisCode))
        .compose(entry -> member(entry, tenant).map(member -> session(entry, member)))
        .compose(session -> newSessions.start(request, session))
        .map(cookie ->
            Reply.redirect(302, attempt.returnTo())
                .with(cookie)
                .with(GatewayCookies.clear(LoginAttempt.cookieFor(state))))
        .onComplete((_, failure) -> meters.loggedIn(failure == null));
  }

  private static boolean isOf(LoginAttempt attempt, EntryCode entry) {
    return MessageDigest.isEqual(
        attempt.challenge().getBytes(UTF_8), entry.challenge().getBytes(UTF_8));
  }

  /** Asked once more, where it is recorded: half a minute has passed at most. */
  private Future<AccountMembership> member(EntryCode entry, UUID tenant) {
    return memberships
        .enter(entry.user().issuer(), entry.user().sub(), tenant)
        .recover(failure -> {
          LOG.warn("entering a tenant: {}", failure.toString());
          return Future.failedFuture(
              new Rejection.LoginFailed(
                  503, "The account's membership cannot be looked up. Try again later."));
        })
        .map(found ->
            found.orElseThrow(
                () -> new Rejection.LoginFailed(403, "This account is no member here any more.")));
  }

  private Session session(EntryCode entry, AccountMembership member) {
    Instant now = clock.instant();
    Instant latest = now.plus(OidcLogin.DEFAULT_SESSION_LIFE);
    return new Session(
        entry.user(),
        AccountRefresh.holder(entry.subject(), member),
        now,
        now,
        entry.endsAt().isBefore(latest) ? entry.endsAt() : latest,
        now.plus(AccountRefresh.EVERY));
  }

  private static Rejection notThisCode() {
    return new Rejection.LoginFailed(
        400,
        "This code was not for this browser and this host, has been used, or is older than "
            + EntryCode.LIFE.toSeconds()
            + " seconds. Go to the application and begin again.");
  }
}
