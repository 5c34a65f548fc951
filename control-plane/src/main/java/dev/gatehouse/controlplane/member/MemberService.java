package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.AccessControl;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Memberships;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.plan.TenantPart;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantName;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The rules of membership. Nobody gives a role, or takes one away, that lets do more than they may
 * themselves; so administrators do not touch owners. Writes expect that the tenant is locked.
 */
public final class MemberService implements Memberships {
  /** A user's tenants are shown on one page. */
  private static final int MAX_TENANTS_OF_A_USER = 200;

  /** Where neither plan nor tenant say how many. */
  private static final int MAX_USERS = 100_000;

  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final MemberStore store = new MemberStore();
  private final InvitationStore invitations = new InvitationStore();
  private final RoleService roles = new RoleService();
  private final PlanService plans;
  private final Database database;

  public MemberService(PlanService plans, Database database) {
    this.plans = plans;
    this.database = database;
  }

  @Override
  public Optional<Set<Permission>> permissionsIn(UUID user, String tenant) {
    TenantName name = TenantName.parse(tenant);
    return database
        .withConnection(connection -> store.membership(connection, user, name))
        .map(Membership::permissions);
  }

  /**
   * A user's membership in a tenant.
   *
   * @throws ProblemException {@code TENANT_NOT_FOUND} if there is none
   */
  Membership membershipIn(SqlConnection connection, UUID user, String tenant) {
    return store
        .membership(connection, user, TenantName.parse(tenant))
        .orElseThrow(() -> AccessControl.noSuchTenant(tenant));
  }

  List<Membership> membershipsOf(SqlConnection connection, UUID user) {
    return store.memberships(connection, user);
  }

  List<Member> list(
      SqlConnection connection,
      UUID tenant,
      Optional<String> role,
      Optional<String> after,
      int count) {
    return store.list(
        connection, tenant, role, after.map(UUID::fromString).orElse(BEFORE_ALL), count);
  }

  Member find(SqlConnection connection, UUID tenant, UUID user) {
    return store
        .find(connection, tenant, user)
        .orElseThrow(() ->
            new ProblemException(
                Problem.MEMBER_NOT_FOUND, "the tenant has no member \"" + user + "\""));
  }

  /** Makes a user a member, beside those who are invited. */
  Member add(SqlConnection tx, Caller caller, Tenant tenant, UUID user, String role) {
    caller.requireAll(roles.permissionsOf(tx, tenant.id(), role));
    invitations.forgetExpired(tx, tenant.id());
    requireSeat(tx, tenant, invitations.count(tx, tenant.id()));
    return join(tx, tenant, user, role);
  }

  /** Makes a user a member who was invited. */
  Member admit(SqlConnection tx, Tenant tenant, UUID user, String role) {
    requireSeat(tx, tenant, 0);
    return join(tx, tenant, user, role);
  }

  /**
   * Refuses one user more than the tenant may have.
   *
   * @param reserved seats of those who are invited
   */
  void requireSeat(SqlConnection tx, Tenant tenant, long reserved) {
    int most = maxUsers(tx, tenant);
    if (store.count(tx, tenant.id()) + reserved >= most) {
      throw new ProblemException(
          Problem.USER_LIMIT_REACHED,
          "the tenant can have at most " + most + " users, and those who are invited count");
    }
  }

  /** Those that it has stay when this becomes less. */
  private int maxUsers(SqlConnection tx, Tenant tenant) {
    return plans
        .effective(tx, tenant.plan(), TenantPart.LIMITS, tenant.part("limits"))
        .values()
        .getInteger("users", MAX_USERS);
  }

  Member change(SqlConnection tx, Caller caller, UUID tenant, Member member, String role) {
    caller.requireAll(roles.permissionsOf(tx, tenant, member.role()));
    caller.requireAll(roles.permissionsOf(tx, tenant, role));
    store.update(tx, tenant, member.user(), role);
    invitations.deleteOf(tx, tenant, member.user());
    return find(tx, tenant, member.user());
  }

  void remove(SqlConnection tx, Caller caller, UUID tenant, Member member) {
    caller.requireAll(roles.permissionsOf(tx, tenant, member.role()));
    leave(tx, tenant, member);
  }

  /** Whom a member has invited, who has not come yet, is not invited any more. */
  void leave(SqlConnection tx, UUID tenant, Member member) {
    store.delete(tx, tenant, member.user());
    invitations.deleteOf(tx, tenant, member.user());
  }

  /** Forgets members, invitations and roles of a tenant that is deleted. */
  public void removeAll(SqlConnection tx, UUID tenant) {
    store.deleteAll(tx, tenant);
    invitations.deleteAll(tx, tenant);
    roles.removeAll(tx, tenant);
  }

  private Member join(SqlConnection tx, Tenant tenant, UUID user, String role) {
    if (store.memberships(tx, user).size() >= MAX_TENANTS_OF_A_USER) {
      throw new ProblemException(
          Problem.TOO_MANY_MEMBERSHIPS,
          "a user can be a member of at most " + MAX_TENANTS_OF_A_USER + " tenants");
    }
    store.insert(tx, tenant.id(), user, role);
    return find(tx, tenant.id(), user);
  }
}
