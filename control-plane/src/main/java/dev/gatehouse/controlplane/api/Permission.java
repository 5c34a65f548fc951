package dev.gatehouse.controlplane.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a caller may be allowed to do. Every operation of the document names the one that it needs
 * as {@code x-permission}; roles are sets of them. Written as {@code resource:action}.
 */
public enum Permission {
  TENANTS_READ(Reach.TENANT),
  /** To change what the platform decides of tenants. */
  TENANTS_WRITE(Reach.PLATFORM),
  TENANTS_CREATE(Reach.PLATFORM),
  TENANTS_DELETE(Reach.PLATFORM),
  /** To suspend, resume, archive and restore. */
  TENANTS_TRANSITION(Reach.PLATFORM),
  IMPORTS_READ(Reach.PLATFORM),
  IMPORTS_CREATE(Reach.PLATFORM),
  PLANS_READ(Reach.PLATFORM),
  PLANS_WRITE(Reach.PLATFORM),
  BILLING_READ(Reach.PLATFORM),
  /** To change what a tenant decides of itself. */
  SETTINGS_WRITE(Reach.TENANT),
  DOMAINS_READ(Reach.TENANT),
  DOMAINS_WRITE(Reach.TENANT),
  /** To have a domain served without proof that the tenant controls it. */
  DOMAINS_TRUST(Reach.PLATFORM),
  CERTIFICATES_READ(Reach.TENANT),
  /** To say what a tenant's hosts prove themselves with. */
  CERTIFICATES_WRITE(Reach.TENANT),
  PLATFORM_CERTIFICATES_READ(Reach.PLATFORM),
  PLATFORM_CERTIFICATES_WRITE(Reach.PLATFORM),
  API_KEYS_READ(Reach.TENANT),
  API_KEYS_WRITE(Reach.TENANT),
  KEYS_READ(Reach.TENANT),
  /** To make and destroy what a tenant encrypts and signs with. */
  KEYS_WRITE(Reach.TENANT),
  KEYS_ENCRYPT(Reach.TENANT),
  KEYS_DECRYPT(Reach.TENANT),
  KEYS_SIGN(Reach.TENANT),
  IDENTITY_READ(Reach.TENANT),
  /** To say whose tokens open the tenant, and to revoke them. */
  IDENTITY_WRITE(Reach.TENANT),
  MEMBERS_READ(Reach.TENANT),
  MEMBERS_WRITE(Reach.TENANT),
  /** To make and unmake owners; no operation asks for it, owners have it and nobody else. */
  OWNERS_WRITE(Reach.TENANT),
  ROLES_READ(Reach.TENANT),
  ROLES_WRITE(Reach.TENANT),
  /** To ask a gateway what would become of a request to a tenant. */
  REQUESTS_EXPLAIN(Reach.TENANT),
  PARTITIONS_READ(Reach.PLATFORM),
  /** To say where data of tenants are kept, with the passwords of those servers. */
  PARTITIONS_WRITE(Reach.PLATFORM),
  BLUEPRINTS_READ(Reach.PLATFORM),
  /** To say which SQL runs where data of tenants are. */
  BLUEPRINTS_WRITE(Reach.PLATFORM),
  /** To be told how to connect to the data of a tenant of whom there is a request. */
  CONNECTIONS_OPEN(Reach.PLATFORM),
  /** To see what a tenant did, and what is left of its quotas. */
  USAGE_READ(Reach.TENANT),
  PLATFORM_USAGE_READ(Reach.PLATFORM),
  /** To see how a tenant does, and why. */
  HEALTH_READ(Reach.TENANT),
  PLATFORM_HEALTH_READ(Reach.PLATFORM),
  AUDIT_READ(Reach.TENANT),
  AUDIT_WRITE(Reach.PLATFORM),
  SERVICES_READ(Reach.PLATFORM),
  SERVICES_WRITE(Reach.PLATFORM),
  ROUTES_READ(Reach.PLATFORM),
  ROUTES_WRITE(Reach.PLATFORM),
  USERS_READ(Reach.PLATFORM),
  USERS_WRITE(Reach.PLATFORM),
  TOKENS_READ(Reach.PLATFORM),
  TOKENS_WRITE(Reach.PLATFORM),
  GATEWAYS_READ(Reach.PLATFORM),
  /** To make and unmake tokens of gateways, which are told all keys that sign. */
  GATEWAYS_WRITE(Reach.PLATFORM),
  /** To see what control planes measure of themselves and the platform. */
  METRICS_READ(Reach.PLATFORM),
  SIGNING_KEYS_READ(Reach.PLATFORM),
  SIGNING_KEYS_WRITE(Reach.PLATFORM);

  private static final Map<String, Permission> BY_WIRE_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Permission::wireName, Function.identity()));

  private final Reach reach;
  private final String wireName;

  Permission(Reach reach) {
    this.reach = reach;
    int action = name().lastIndexOf('_');
    this.wireName =
        (name().substring(0, action).replace('_', '-') + ":" + name().substring(action + 1))
            .toLowerCase(Locale.ROOT);
  }

  /** Such as {@code api-keys:write}. */
  public String wireName() {
    return wireName;
  }

  /** Whether a tenant's own roles can hold it. */
  public boolean isOfTenants() {
    return reach == Reach.TENANT;
  }

  /** Whether it lets look, and change nothing. */
  public boolean isRead() {
    return wireName.endsWith(":read");
  }

  /** The permission of this name, if there is one. */
  public static Optional<Permission> of(String wireName) {
    return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
  }

  /** All that a tenant's roles can hold. */
  public static Set<Permission> ofTenants() {
    return Arrays.stream(values())
        .filter(Permission::isOfTenants)
        .collect(Collectors.toUnmodifiableSet());
  }

  private enum Reach {
    PLATFORM,
    TENANT
  }
}
