package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.user.UserService;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** {@code /v1/tenants/{tenant}/members} and {@code /v1/users/{user}/memberships}. */
public final class MemberRoutes {
  private final MemberService members;
  private final TenantService tenants;
  private final UserService users;
  private final Pages pages;

  public MemberRoutes(
      MemberService members, TenantService tenants, UserService users, Pages pages) {
    this.members = members;
    this.tenants = tenants;
    this.users = users;
    this.pages = pages;
  }

  /** Binds the operations on members. */
  public void bind(Api api) {
    api.perform("listMembers", this::list)
        .perform("getMember", this::get)
        .perform("patchMember", this::patch)
        .perform("removeMember", this::remove)
        .perform("listMemberships", this::listMemberships)
        .perform("addMembership", this::add);
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return pages.answer(
        request,
        (after, count) ->
            members.list(connection, tenant.id(), request.query("role"), after, count),
        member -> member.user().toString(),
        Member::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return shown(members.find(connection, tenant.id(), userIn(request)));
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    Member member = memberIn(request, tx, tenant);
    String role = request.patched(new JsonObject().put("role", member.role())).getString("role");
    return shown(members.change(tx, request.authenticated(), tenant.id(), member, role));
  }

  private Answer remove(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    members.remove(tx, request.authenticated(), tenant.id(), memberIn(request, tx, tenant));
    return Answer.noContent();
  }

  private Answer listMemberships(ApiRequest request, SqlConnection connection) {
    UUID user = users.find(connection, userIn(request)).id();
    JsonArray items = new JsonArray();
    members.membershipsOf(connection, user).stream().map(Membership::toJson).forEach(items::add);
    return Answer.ok(new JsonObject().put("items", items));
  }

  private Answer add(ApiRequest request, SqlConnection tx) {
    UUID user = users.lock(tx, userIn(request)).id();
    Tenant tenant = tenants.lock(tx, request.body().getString("tenant"));
    Member member =
        members.add(tx, request.authenticated(), tenant, user, request.body().getString("role"));
    return Answer.created("/v1/tenants/" + tenant.id() + "/members/" + user, member.toJson())
        .withVersion(member.version());
  }

  private Member memberIn(ApiRequest request, SqlConnection tx, Tenant tenant) {
    Member member = members.find(tx, tenant.id(), userIn(request));
    request.requireVersion(member.version());
    return member;
  }

  private static UUID userIn(ApiRequest request) {
    return UUID.fromString(request.path("user"));
  }

  private static Answer shown(Member member) {
    return Answer.ok(member.toJson()).withVersion(member.version());
  }
}
