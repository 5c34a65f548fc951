package dev.gatehouse.controlplane.api;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides who may perform an operation: whoever has the permission that the document names. Under a
 * tenant's path the membership there counts beside the role on the platform; to a caller who has
 * neither, a tenant looks as if it did not exist. Any thread that may wait.
 */
public final class AccessControl {
  private final Authenticator authenticator;
  private final Memberships memberships;

  /**
   * @param authenticator finds out who calls
   * @param memberships what users may do in tenants
   */
  public AccessControl(Authenticator authenticator, Memberships memberships) {
    this.authenticator = authenticator;
    this.memberships = memberships;
  }

  /**
   * Finds out who calls.
   *
   * @param authorization the {@code Authorization} header
   * @throws ProblemException {@code UNAUTHENTICATED}
   */
  Caller authenticate(Optional<String> authorization) {
    return authenticator.authenticate(authorization);
  }

  /**
   * Lets the caller in, with what it may do in this request.
   *
   * @param tenant which tenant the path names, as it came
   * @throws ProblemException {@code FORBIDDEN}, or {@code TENANT_NOT_FOUND} for a tenant that is
   *     none of the caller's business
   */
  Caller authorize(Caller caller, ApiOperation operation, Optional<String> tenant) {
    Caller here = operation.isOfTenant() ? within(caller, tenant.orElseThrow()) : caller;
    operation
        .permission()
        .filter(needed -> !here.may(needed))
        .ifPresent(missing -> {
          throw Caller.forbidden(missing);
        });
    return here;
  }

  private Caller within(Caller caller, String tenant) {
    Optional<Set<Permission>> ofMember =
        caller
            .user()
            .filter(_ -> StrictJson.isStorable(tenant))
            .flatMap(user -> memberships.permissionsIn(user, tenant));
    if (ofMember.isEmpty()) {
      if (caller.platformRole().isEmpty()) {
        throw noSuchTenant(tenant);
      }
      return caller;
    }
    EnumSet<Permission> all = EnumSet.noneOf(Permission.class);
    all.addAll(caller.permissions());
    all.addAll(caller.bounds().narrow(ofMember.get()));
    return caller.with(Set.copyOf(all));
  }

  /** What is answered where there is no such tenant, or none that the caller may know of. */
  public static ProblemException noSuchTenant(String idOrSlug) {
    return new ProblemException(
        Problem.TENANT_NOT_FOUND, "no tenant has the id or slug \"" + idOrSlug + "\"");
  }
}
