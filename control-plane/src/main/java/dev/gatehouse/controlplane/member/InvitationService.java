package dev.gatehouse.controlplane.member;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.access.Expiry;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.user.User;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The rules of invitations. One is for whoever has an email address, opens one tenant once, and
 * gives a role that its sender may give.
 */
final class InvitationService {
  private static final Duration DEFAULT_LIFE = Duration.ofDays(7);
  private static final Duration LONGEST_LIFE = Duration.ofDays(30);
  private static final int MAX_OPEN = 200;

  private final InvitationStore store = new InvitationStore();
  private final RoleService roles = new RoleService();
  private final MemberService members;
  private final TenantService tenants;
  private final InstantSource clock;

  /**
   * @param clock decides which invitations have expired
   */
  InvitationService(MemberService members, TenantService tenants, InstantSource clock) {
    this.members = members;
    this.tenants = tenants;
    this.clock = clock;
  }

  /** A new invitation and its token, which is known here and now only. */
  record Issued(Invitation invitation, SecretToken token) {}

  Issued invite(SqlConnection tx, Caller caller, Tenant tenant, JsonObject body) {
    String role = body.getString("role");
    caller.requireAll(roles.permissionsOf(tx, tenant.id(), role));
    store.forgetExpired(tx, tenant.id());
    long open = store.count(tx, tenant.id());
    if (open >= MAX_OPEN) {
      throw new ProblemException(
          Problem.TOO_MANY_INVITATIONS,
          "a tenant can have at most " + MAX_OPEN + " open invitations: revoke some");
    }
    members.requireSeat(tx, tenant, open);
    Instant expiresAt = Expiry.within(body, DEFAULT_LIFE, LONGEST_LIFE, clock.instant());
    SecretToken token = SecretToken.generate(SecretToken.Kind.INVITATION);
    return new Issued(
        store.insert(
            tx,
            tenant.id(),
            token,
            body.getString("email").toLowerCase(Locale.ROOT),
            role,
            caller.user(),
            expiresAt),
        token);
  }

  List<Invitation> list(SqlConnection connection, UUID tenant, Optional<String> after, int count) {
    return store.list(connection, tenant, after.orElse(""), count);
  }

  Invitation find(SqlConnection connection, UUID tenant, String id) {
    return store
        .find(connection, id)
        .filter(invitation -> invitation.tenant().equals(tenant))
        .orElseThrow(() ->
            new ProblemException(
                Problem.INVITATION_NOT_FOUND, "the tenant has no open invitation \"" + id + "\""));
  }

  void revoke(SqlConnection tx, Caller caller, Invitation invitation) {
    caller.requireAll(roles.permissionsOf(tx, invitation.tenant(), invitation.role()));
    boolean _ = store.delete(tx, invitation.id());
  }

  /**
   * Makes a user a member of the tenant that the token opens.
   *
   * @throws ProblemException {@code INVITATION_NOT_FOUND}, whatever is wrong with the token: it
   *     says nothing about tenants to those who guess
   */
  Accepted accept(SqlConnection tx, User user, String text) {
    Invitation invitation =
        SecretToken.parse(SecretToken.Kind.INVITATION, text)
            .flatMap(
                token -> store.find(tx, token.id()).filter(found -> token.matches(found.hash())))
            .filter(found -> clock.instant().isBefore(found.expiresAt()))
            .filter(found -> found.email().equals(user.email()))
            .orElseThrow(InvitationService::notForUser);
    Tenant tenant = tenants.lock(tx, invitation.tenant().toString());
    if (!store.delete(tx, invitation.id())) {
      throw notForUser();
    }
    return new Accepted(tenant.id(), members.admit(tx, tenant, user.id(), invitation.role()));
  }

  /** Who has become a member of which tenant. */
  record Accepted(UUID tenant, Member member) {}

  private static ProblemException notForUser() {
    return new ProblemException(
        Problem.INVITATION_NOT_FOUND,
        "the token belongs to no open invitation for the user's email address");
  }
}
