package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.Permission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The roles that every tenant has. */
enum BuiltInRole {
  /** Everything that a tenant's roles can hold. */
  OWNER(permission -> true),
  /** Everything but to make and unmake owners. */
  ADMIN(permission -> permission != Permission.OWNERS_WRITE),
  /** To see the tenant, its domains and who else is there. */
  MEMBER(
      EnumSet.of(
              Permission.TENANTS_READ,
              Permission.DOMAINS_READ,
              Permission.MEMBERS_READ,
              Permission.ROLES_READ)
          ::contains),
  /** To look at everything, the history too. */
  AUDITOR(Permission::isRead);

  @SuppressWarnings("ImmutableEnumChecker") // the set is unmodifiable
  private final Set<Permission> permissions;

  BuiltInRole(Predicate<Permission> has) {
    this.permissions =
        Permission.ofTenants().stream().filter(has).collect(Collectors.toUnmodifiableSet());
  }

  Set<Permission> permissions() {
    return permissions;
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<BuiltInRole> of(String wireName) {
    return Arrays.stream(values()).filter(role -> role.wireName().equals(wireName)).findFirst();
  }
}
