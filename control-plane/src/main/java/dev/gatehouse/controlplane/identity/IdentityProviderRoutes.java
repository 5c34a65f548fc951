package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/tenants/{tenant}/identity-providers}. */
public final class IdentityProviderRoutes {
  private final IdentityProviderService providers;
  private final TenantService tenants;
  private final Pages pages;

  public IdentityProviderRoutes(
      IdentityProviderService providers, TenantService tenants, Pages pages) {
    this.providers = providers;
    this.tenants = tenants;
    this.pages = pages;
  }

  /** Binds the operations on identity providers. */
  public void bind(Api api) {
    api.perform("createIdentityProvider", this::create)
        .perform("listIdentityProviders", this::list)
        .perform("getIdentityProvider", this::get)
        .perform("updateIdentityProvider", this::update)
        .perform("deleteIdentityProvider", this::delete)
        .perform("revokeIdentityTokens", this::revoke);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    Tenant tenant = tenants.lock(tx, request.path("tenant"));
    IdentityProviderService.Published created = providers.create(tx, tenant.id(), request.body());
    IdentityProvider provider = created.provider();
    return Answer.created(
            "/v1/tenants/" + tenant.id() + "/identity-providers/" + provider.id(),
            provider.toJson())
        .withVersion(provider.version())
        .atRevision(created.revision())
        .onTenant(tenant.id());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    return pages.answer(
        request,
        (after, count) ->
            providers.list(connection, tenant.id(), after.map(UUID::fromString), count),
        provider -> provider.id().toString(),
        IdentityProvider::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Tenant tenant = tenants.find(connection, request.path("tenant"));
    IdentityProvider provider = find(request, connection, tenant);
    return Answer.ok(provider.toJson()).withVersion(provider.version());
  }

  private Answer update(ApiRequest request, SqlConnection tx) {
    IdentityProvider provider = lock(request, tx);
    return changed(
        provider,
        providers.change(tx, provider, request.body(), request.patched(provider.changeable())));
  }

  private Answer revoke(ApiRequest request, SqlConnection tx) {
    IdentityProvider provider = lock(request, tx);
    Optional<String> subject = Optional.ofNullable(request.body().getString("subject"));
    return changed(
        provider,
        subject.isPresent()
            ? providers.revokeSubject(tx, provider, subject.get())
            : providers.revokeAll(tx, provider));
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    IdentityProvider provider = lock(request, tx);
    return Answer.noContent()
        .atRevision(providers.delete(tx, provider))
        .onTenant(provider.tenantId())
        .replacing(provider.toJson());
  }

  private static Answer changed(
      IdentityProvider before, IdentityProviderService.Published changed) {
    return Answer.ok(changed.provider().toJson())
        .withVersion(changed.provider().version())
        .atRevision(changed.revision())
        .onTenant(before.tenantId())
        .replacing(before.toJson());
  }

  /** With the tenant locked, nobody else changes what it has. */
  private IdentityProvider lock(ApiRequest request, SqlConnection tx) {
    IdentityProvider provider = find(request, tx, tenants.lock(tx, request.path("tenant")));
    request.requireVersion(provider.version());
    return provider;
  }

  private IdentityProvider find(ApiRequest request, SqlConnection connection, Tenant tenant) {
    return providers.find(
        connection, tenant.id(), UUID.fromString(request.path("identityProvider")));
  }
}
