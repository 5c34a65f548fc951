package dev.gatehouse.controlplane.access;

import dev.gatehouse.controlplane.api.Permission;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What operators, and users who work for the platform, may do everywhere. */
public enum PlatformRole {
  /** Everything. */
  ADMIN(permission -> true),
  /** Tenants and all that is in them, services, routes and users; no tokens, no signing keys. */
  OPERATOR(Sets.OF_OPERATORS::contains),
  /** An application's: to reach the data of tenants of whom it has requests, and their keys. */
  APPLICATION(Sets.OF_APPLICATIONS::contains),
  /** To look at everything but the history, and to find out what becomes of requests. */
  SUPPORT(permission ->
      permission == Permission.REQUESTS_EXPLAIN
          || (permission.isRead() && permission != Permission.AUDIT_READ)),
  /** To look at everything. */
  AUDITOR(Permission::isRead);

  @SuppressWarnings("ImmutableEnumChecker") // the set is unmodifiable
  private final Set<Permission> permissions;

  PlatformRole(Predicate<Permission> has) {
    this.permissions =
        Arrays.stream(Permission.values()).filter(has).collect(Collectors.toUnmodifiableSet());
  }

  /** What it lets do. */
  public Set<Permission> permissions() {
    return permissions;
  }

  /** Such as {@code operator}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The role of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static PlatformRole of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }

  private static final class Sets {
    static final Collection<Permission> OF_APPLICATIONS =
        EnumSet.of(
            Permission.CONNECTIONS_OPEN,
            Permission.KEYS_ENCRYPT,
            Permission.KEYS_DECRYPT,
            Permission.KEYS_SIGN);

    static final Collection<Permission> OF_OPERATORS = EnumSet.copyOf(Permission.ofTenants());

    static {
      OF_OPERATORS.addAll(
          EnumSet.of(
              Permission.TENANTS_WRITE,
              Permission.DOMAINS_TRUST,
              Permission.PLATFORM_CERTIFICATES_READ,
              Permission.PLATFORM_CERTIFICATES_WRITE,
              Permission.TENANTS_CREATE,
              Permission.TENANTS_DELETE,
              Permission.TENANTS_TRANSITION,
              Permission.IMPORTS_READ,
              Permission.IMPORTS_CREATE,
              Permission.PLANS_READ,
              Permission.BILLING_READ,
              Permission.PLATFORM_USAGE_READ,
              Permission.PLATFORM_HEALTH_READ,
              Permission.METRICS_READ,
              Permission.PARTITIONS_READ,
              Permission.BLUEPRINTS_READ,
              Permission.SERVICES_READ,
              Permission.SERVICES_WRITE,
              Permission.ROUTES_READ,
              Permission.ROUTES_WRITE,
              Permission.USERS_READ,
              Permission.USERS_WRITE,
              Permission.GATEWAYS_READ,
              Permission.SIGNING_KEYS_READ));
    }
  }
}
