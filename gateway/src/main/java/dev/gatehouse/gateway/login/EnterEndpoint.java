package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.AccountMembership;
import dev.gatehouse.gateway.authenticate.remote.Form;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.session.Session;
import dev.gatehouse.gateway.session.Session.Origin;
import dev.gatehouse.gateway.session.SessionKey;
import dev.gatehouse.gateway.session.SessionStore;
import dev.gatehouse.gateway.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The account host's own places: which tenants a user may enter, and the code that lets one enter.
 */
final class EnterEndpoint {
  /** Base64url of 32 bytes. */
  private static final Pattern RANDOM = Pattern.compile("[A-Za-z0-9_-]{43}");

  private static final Logger LOG = LoggerFactory.getLogger(EnterEndpoint.class);

  private final AccountHost accountHost;
  private final Sessions sessions;
  private final Memberships memberships;
  private final Optional<SessionStore> store;

  EnterEndpoint(
      AccountHost accountHost,
      Sessions sessions,
      Memberships memberships,
      Optional<SessionStore> store) {
    this.accountHost = accountHost;
    this.sessions = sessions;
    this.memberships = memberships;
    this.store = store;
  }

  /** Lists the tenants that the user may enter; elsewhere it leads to where they are listed. */
  Future<Reply> tenants(Resolved request) {
    if (accountHost.serves(request)) {
      return Future.succeededFuture(
          Reply.redirect(302, accountHost.url(request, LoginPaths.TENANTS, new Form())));
    }
    requireAccountHost(request);
    return user(request)
        .compose(session ->
            session.isEmpty()
                ? Future.succeededFuture(
                    Reply.redirect(302, LoginPaths.loginFor(LoginPaths.TENANTS)))
                : members(session.get()).map(all -> listed(request, session.get(), all)));
  }

  private Reply listed(Resolved request, Session session, List<AccountMembership> all) {
    List<Pages.Entry> entries = all.stream().map(membership -> entry(request, membership)).toList();
    String accept = String.valueOf(request.request().head().allHeaders().get("Accept"));
    if (accept.contains("text/html")) {
      return Reply.page(Pages.tenants(session.holder().subject(), entries));
    }
    JsonArray json = new JsonArray();
    entries.forEach(entry ->
        json.add(
            JsonObject.of(
                "slug",
                entry.slug(),
                "name",
                entry.name(),
                "role",
                entry.role(),
                "url",
                entry.url())));
    return Reply.json(200, JsonObject.of("tenants", json));
  }

  private Pages.Entry entry(Resolved request, AccountMembership membership) {
    String host = request.directory().subdomainOf(membership.slug());
    String origin = LoginEndpoint.originOf(request.request().head(), host);
    return new Pages.Entry(
        membership.slug(),
        membership.name(),
        membership.role(),
        origin + LoginPaths.LOGIN + "?provider=" + AccountHost.PROVIDER);
  }

  /** Gives the browser a code for a tenant that its user is a member of. */
  Future<Reply> enter(Resolved request) {
    requireAccountHost(request);
    Query query = Query.of(request.request().target());
    String to = query.get("to").orElse("");
    String state = query.get("state").filter(EnterEndpoint::isRandom).orElse("");
    String challenge = query.get("challenge").filter(EnterEndpoint::isRandom).orElse("");
    if (state.isEmpty() || challenge.isEmpty()) {
      throw new Rejection.BadRequest("The parameters state and challenge must be there.");
    }
    return user(request)
        .compose(session ->
            session.isEmpty()
                ? Future.succeededFuture(
                    Reply.redirect(302, LoginPaths.loginFor(request.request().target())))
                : enter(request, session.get(), to, state, challenge));
  }

  private Future<Reply> enter(
      Resolved request, Session session, String to, String state, String challenge) {
    Optional<Tenant> target = AccountHost.target(request, to);
    return members(session)
        .compose(all -> {
          // One answer for all that cannot be entered: who is no member learns of no tenant.
          UUID tenant =
              target
                  .map(found -> found.edge().id())
                  .filter(id -> all.stream().anyMatch(one -> one.tenant().equals(id)))
                  .orElseThrow(() ->
                      new Rejection.LoginFailed(
                          403, "This account is no member of what is found at that host."));
          SessionKey code = SessionKey.generate(tenant, to);
          EntryCode entry =
              new EntryCode(
                  challenge,
                  new Origin.Account(
                      request.tenant().edge().id(),
                      Sessions.keyIn(request).orElseThrow().digest(),
                      by(session).id(),
                      session.vouchedAt(),
                      by(session).issuer(),
                      by(session).sub()),
                  session.holder().subject(),
                  session.endsAt());
          return store
              .orElseThrow()
              .putOnce(code.digest(), code.seal(entry.encode()), EntryCode.LIFE)
              .recover(_ -> Future.failedFuture(Rejection.SessionsUnavailable.INSTANCE))
              .map(_ -> Reply.redirect(302, entered(request, to, code, state)));
        });
  }

  private static String entered(Resolved request, String to, SessionKey code, String state) {
    return LoginEndpoint.originOf(request.request().head(), to)
        + LoginPaths.ENTERED
        + "?"
        + new Form().add("code", code.reveal()).add("state", state);
  }

  private Future<Optional<Session>> user(Resolved request) {
    return sessions
        .find(request)
        .recover(_ -> Future.failedFuture(Rejection.SessionsUnavailable.INSTANCE));
  }

  private Future<List<AccountMembership>> members(Session session) {
    return memberships
        .of(by(session).issuer(), by(session).sub())
        .recover(failure -> {
          LOG.warn("memberships: {}", failure.toString());
          return Future.failedFuture(
              new Rejection.LoginFailed(
                  503, "The account's memberships cannot be looked up. Try again later."));
        });
  }

  /** At the account host itself, users log in with identity providers and nothing else. */
  private static Origin.Provider by(Session session) {
    if (session.origin() instanceof Origin.Provider provider) {
      return provider;
    }
    throw new Rejection.LoginFailed(403, "This session is not one of the account host's.");
  }

  private void requireAccountHost(Resolved request) {
    if (!accountHost.is(request)) {
      throw Rejection.NoRoute.INSTANCE;
    }
  }

  private static boolean isRandom(String text) {
    return RANDOM.matcher(text).matches();
  }
}
