package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.directory.TenantDirectory;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.TenantResolver;
import java.util.Optional;

/** Whether what let a request in has been taken back since. */
public final class Withdrawal {
  private Withdrawal() {}

  /**
   * What a request would be refused with now; empty if it would be let in again. A key that has
   * expired since, or whose roles have changed, does not count.
   *
   * @param then the tenant when it was let in
   * @param principal who called
   * @param now the directory that holds now
   */
  public static Optional<Rejection> of(Tenant then, Principal principal, TenantDirectory now) {
    Optional<Tenant> tenant = now.byId(then.edge().id());
    if (tenant.isEmpty()) {
      return Optional.of(Rejection.UnknownHost.INSTANCE);
    }
    return TenantResolver.refusalOf(tenant.get().status())
        .or(() -> refusalOf(principal, tenant.get(), now));
  }

  private static Optional<Rejection> refusalOf(
      Principal principal, Tenant tenant, TenantDirectory now) {
    if (principal.token().isPresent()) {
      boolean holds =
          tenant.allowsTokens()
              && now.issuersOf(tenant.edge().id()).accept(principal.token().get());
      return holds ? Optional.empty() : Optional.of(Rejection.Unauthenticated.BAD_CREDENTIAL);
    }
    if (principal.keyId().isEmpty()) {
      return tenant.allowsAnonymous() || principal.admittedByRoute()
          ? Optional.empty()
          : Optional.of(Rejection.Unauthenticated.NO_CREDENTIAL);
    }
    boolean holds =
        tenant.allowsApiKeys()
            && now.apiKey(principal.keyId().get())
                .filter(key -> key.tenantId().equals(tenant.edge().id()))
                .isPresent();
    return holds ? Optional.empty() : Optional.of(Rejection.Unauthenticated.BAD_CREDENTIAL);
  }
}
