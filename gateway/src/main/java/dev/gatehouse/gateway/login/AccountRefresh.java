package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.AccountMembership;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.authenticate.TokenOrigin;
import dev.gatehouse.gateway.authenticate.claims.ClaimRules;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.TenantDirectory;
import dev.gatehouse.gateway.session.Session;
import dev.gatehouse.gateway.session.Session.Origin;
import dev.gatehouse.gateway.session.SessionRefresh;
import dev.gatehouse.gateway.session.SessionStore;
import dev.gatehouse.gateway.session.Sessions;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Asks once a minute whether the user is still logged in at the account host, and still a member of
 * the tenant, and as what.
 */
final class AccountRefresh implements SessionRefresh {
  /** So long a tenant may not hear that a user has logged out at the account host. */
  static final Duration EVERY = Duration.ofMinutes(1);

  private final LiveDirectory directory;
  private final Optional<SessionStore> store;
  private final Memberships memberships;
  private final InstantSource clock;

  AccountRefresh(
      LiveDirectory directory,
      Optional<SessionStore> store,
      Memberships memberships,
      InstantSource clock) {
    this.directory = directory;
    this.store = store;
    this.memberships = memberships;
    this.clock = clock;
  }

  @Override
  public Future<Session> refresh(UUID tenant, TenantIssuers issuers, Session session) {
    if (!(session.origin() instanceof Origin.Account account)) {
      throw new IllegalArgumentException("not of the account host");
    }
    return stillThere(account, session)
        .compose(there ->
            there
                ? memberships.of(account.issuer(), account.sub())
                : Future.failedFuture(
                    new EndedException("the user is not logged in at the account host any more")))
        .compose(all ->
            all.stream()
                .filter(membership -> membership.tenant().equals(tenant))
                .findFirst()
                .map(membership -> Future.succeededFuture(again(session, membership)))
                .orElseGet(() ->
                    Future.failedFuture(new EndedException("the user is no member any more"))));
  }

  /** Whoever is at work at a tenant is not idle at the account host. */
  private Future<Boolean> stillThere(Origin.Account account, Session session) {
    TenantDirectory now = directory.current();
    TenantIssuers issuers = now.identities().issuersOf(account.tenant());
    boolean accepted =
        now.byId(account.tenant()).filter(host -> host.status() == TenantStatus.ACTIVE).isPresent()
            && issuers
                .byId(account.provider())
                .filter(provider -> provider.issuer().equals(account.issuer()))
                .filter(provider ->
                    issuers.accept(
                        TokenOrigin.of(
                            provider,
                            session.holder().subject(),
                            account.sub(),
                            Optional.of(account.vouchedAt()))))
                .isPresent();
    return accepted
        ? store
            .orElseThrow()
            .touch(
                account.tenant(), account.session(), Sessions.idleOf(issuers, account.provider()))
        : Future.succeededFuture(false);
  }

  private Session again(Session before, AccountMembership membership) {
    Instant now = clock.instant();
    return new Session(
        before.origin(),
        holder(before.holder().subject(), membership),
        now,
        before.startedAt(),
        before.endsAt(),
        now.plus(EVERY));
  }

  static ClaimRules.Holder holder(String subject, AccountMembership membership) {
    return new ClaimRules.Holder(subject, Set.of(membership.role()), Set.of());
  }
}
