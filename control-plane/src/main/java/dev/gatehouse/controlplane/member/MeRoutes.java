package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Permissions;
import dev.gatehouse.controlplane.api.TokenBounds;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.user.UserService;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** {@code /v1/me}: who calls, what they may do, and where. */
public final class MeRoutes {
  private final MemberService members;
  private final TenantService tenants;
  private final UserService users;

  public MeRoutes(MemberService members, TenantService tenants, UserService users) {
    this.members = members;
    this.tenants = tenants;
    this.users = users;
  }

  /** Binds the operations of a caller on itself. */
  public void bind(Api api) {
    api.perform("getMe", this::get).perform("leaveTenant", this::leave);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Caller caller = request.authenticated();
    TokenBounds bounds = caller.bounds();
    JsonObject token = new JsonObject().put("id", caller.tokenId());
    bounds.scopes().ifPresent(scopes -> token.put("scopes", Permissions.toJson(scopes)));
    bounds.expiresAt().ifPresent(instant -> token.put("expiresAt", instant.toString()));
    JsonObject me = new JsonObject().put("name", caller.name()).put("token", token);
    caller.user().ifPresent(user -> me.put("user", users.find(connection, user).toJson()));
    caller.platformRole().ifPresent(role -> me.put("platformRole", role));
    me.put("permissions", Permissions.toJson(caller.permissions()));
    caller.user().ifPresent(user -> me.put("memberships", memberships(connection, user, bounds)));
    return Answer.ok(me);
  }

  /** With what the token lets do of what the role does. */
  private JsonArray memberships(SqlConnection connection, UUID user, TokenBounds bounds) {
    JsonArray items = new JsonArray();
    for (Membership membership : members.membershipsOf(connection, user)) {
      items.add(
          membership
              .toJson()
              .put("permissions", Permissions.toJson(bounds.narrow(membership.permissions()))));
    }
    return items;
  }

  /** To one who is no member, the tenant looks as if it did not exist. */
  private Answer leave(ApiRequest request, SqlConnection tx) {
    UUID user = request.authenticated().requireUser();
    Membership membership = members.membershipIn(tx, user, request.path("tenant"));
    Tenant tenant = tenants.lock(tx, membership.tenant().toString());
    members.leave(tx, tenant.id(), members.find(tx, tenant.id(), user));
    return Answer.noContent();
  }
}
