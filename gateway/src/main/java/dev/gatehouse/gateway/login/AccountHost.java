package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.authenticate.remote.Form;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.directory.TenantHost;
import dev.gatehouse.gateway.resolve.Resolved;
import java.util.Optional;

/**
 * Where users of the platform log in once for all tenants that they are members of. It is a host of
 * a tenant of the operator's own, whose identity providers are trusted to say who the users are.
 *
 * @param host empty where there is none
 */
record AccountHost(Optional<Hostname> host) {
  /** What stands for it among a tenant's identity providers. */
  static final String PROVIDER = "account";

  /** Whether a request came to it. */
  boolean is(Resolved request) {
    return host.isPresent() && host.get().value().equals(request.request().host());
  }

  /** Whether users of a tenant can come from there. */
  boolean serves(Resolved request) {
    return host.isPresent()
        && !is(request)
        && request.tenant().allows(AuthenticationMethod.ACCOUNT);
  }

  /** A place there, as the browser reaches it. */
  String url(Resolved request, String path, Form query) {
    String origin = LoginEndpoint.originOf(request.request().head(), host.orElseThrow().value());
    String text = query.toString();
    return origin + path + (text.isEmpty() ? "" : "?" + text);
  }

  /**
   * The tenant of a host that users want to enter.
   *
   * @return empty if there is none that is served, and lets users come from here
   */
  static Optional<Tenant> target(Resolved request, String to) {
    TenantHost found = Hostname.isValid(to) ? request.directory().byHost(to) : null;
    return Optional.ofNullable(found)
        .filter(one -> !one.redirected() && one.status() == TenantStatus.ACTIVE)
        .map(TenantHost::tenant)
        .filter(tenant -> tenant.allows(AuthenticationMethod.ACCOUNT));
  }
}
