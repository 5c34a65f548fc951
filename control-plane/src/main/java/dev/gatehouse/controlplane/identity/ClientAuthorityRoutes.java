package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** {@code /v1/tenants/{tenant}/client-authorities}. */
public final class ClientAuthorityRoutes {
  private final ClientAuthorityService authorities;
  private final TenantService tenants;
  private final Pages pages;

  public ClientAuthorityRoutes(
      ClientAuthorityService authorities, TenantService tenants, Pages pages) {
    this.authorities = authorities;
    this.tenants = tenants;
    this.pages = pages;
  }

  /** Binds the operations on client authorities. */
  public void bind(Api api) {
    api.perform("createClientAuthority", this::create)
        .perform("listClientAuthorities", this::list)
        .perform("getClientAuthority", this::get)
        .perform("updateClientAuthority", this::update)
        .perform("deleteClientAuthority", this::delete);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    ClientAuthorityService.Published created = authorities.create(tx, tenant.id(), request.body());
    ClientAuthority authority = created.authority();
    return Answer.created(
            "/v1/tenants/" + tenant.id() + "/client-authorities/" + authority.id(),
            authority.toJson())
        .withVersion(authority.version())
        .atRevision(created.revision())
        .onTenant(tenant.id());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return pages.answer(
        request,
        (after, count) ->
            authorities.list(connection, tenant.id(), after.map(UUID::fromString), count),
        authority -> authority.id().toString(),
        ClientAuthority::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    ClientAuthority authority = find(request, connection, tenant);
    return Answer.ok(authority.toJson()).withVersion(authority.version());
  }

  private Answer update(ApiRequest request, SqlConnection tx) {
    ClientAuthority authority = lock(request, tx);
    ClientAuthorityService.Published changed =
        authorities.change(tx, authority, request.patched(authority.changeable()));
    return Answer.ok(changed.authority().toJson())
        .withVersion(changed.authority().version())
        .atRevision(changed.revision())
        .onTenant(authority.tenantId())
        .replacing(authority.toJson());
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    ClientAuthority authority = lock(request, tx);
    return Answer.noContent()
        .atRevision(authorities.delete(tx, authority))
        .onTenant(authority.tenantId())
        .replacing(authority.toJson());
  }

  /** With the tenant locked, nobody else changes what it has. */
  private ClientAuthority lock(ApiRequest request, SqlConnection tx) {
    ClientAuthority authority = find(request, tx, tenants.lock(tx, request.path("tenant")));
    request.requireVersion(authority.version());
    return authority;
  }

  private ClientAuthority find(ApiRequest request, SqlConnection connection, Tenant tenant) {
    return authorities.find(
        connection, tenant.id(), UUID.fromString(request.path("clientAuthority")));
  }
}
