package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.user.User;
import dev.gatehouse.controlplane.user.UserService;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;

/** {@code /v1/tenants/{tenant}/invitations}, and how they are accepted. */
public final class InvitationRoutes {
  private final InvitationService invitations;
  private final TenantService tenants;
  private final UserService users;
  private final Pages pages;

  public InvitationRoutes(
      MemberService members, TenantService tenants, UserService users, Pages pages) {
    this.invitations = new InvitationService(members, tenants, InstantSource.system());
    this.tenants = tenants;
    this.users = users;
    this.pages = pages;
  }

  /** Binds the operations on invitations. */
  public void bind(Api api) {
    api.perform("createInvitation", this::create)
        .perform("listInvitations", this::list)
        .perform("getInvitation", this::get)
        .perform("revokeInvitation", this::revoke)
        .perform("acceptInvitation", this::accept)
        .perform("acceptInvitationFor", this::acceptFor);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    InvitationService.Issued issued =
        invitations.invite(tx, request.authenticated(), tenant, request.body());
    return Answer.created(
        "/v1/tenants/" + tenant.id() + "/invitations/" + issued.invitation().id(),
        issued.invitation().toJson().put("token", issued.token().reveal()));
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return pages.answer(
        request,
        (after, count) -> invitations.list(connection, tenant.id(), after, count),
        Invitation::id,
        Invitation::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return Answer.ok(
        invitations.find(connection, tenant.id(), request.path("invitation")).toJson());
  }

  private Answer revoke(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    invitations.revoke(
        tx, request.authenticated(), invitations.find(tx, tenant.id(), request.path("invitation")));
    return Answer.noContent();
  }

  private Answer accept(ApiRequest request, SqlConnection tx) {
    User user = users.lock(tx, request.authenticated().requireUser());
    return accepted(invitations.accept(tx, user, request.body().getString("token")));
  }

  private Answer acceptFor(ApiRequest request, SqlConnection tx) {
    User user = users.meet(tx, request.body().getJsonObject("identity"));
    return accepted(invitations.accept(tx, user, request.body().getString("token")));
  }

  private static Answer accepted(InvitationService.Accepted accepted) {
    Member member = accepted.member();
    return Answer.created(
            "/v1/tenants/" + accepted.tenant() + "/members/" + member.user(), member.toJson())
        .withVersion(member.version());
  }
}
