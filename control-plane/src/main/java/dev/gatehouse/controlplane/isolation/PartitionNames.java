package dev.gatehouse.controlplane.isolation;

import java.util.UUID;

/**
 * What roles, schemas and databases of a partition are called. Roles belong to the server, so that
 * theirs name the partition: 61 characters at most, of the 63 that PostgreSQL takes.
 *
 * @param partition 1 to 25 lower-case letters, digits and hyphens
 */
record PartitionNames(String partition) {
  /** The schema of those who share, and of each database of one tenant. */
  static final String SCHEMA = "app";

  /** Owns the schema {@code tenancy}; nobody logs in as it. */
  String tenancyRole() {
    return prefix() + "tenancy";
  }

  /** Owns the tables of applications; nobody logs in as it. */
  String ownerRole() {
    return prefix() + "owner";
  }

  /** With which applications serve tenants who share. */
  String applicationRole() {
    return prefix() + "app";
  }

  /** With which applications serve a tenant with a schema or a database of its own. */
  String roleOf(UUID tenant) {
    return prefix() + hex(tenant);
  }

  /** The schema, or the database, of one tenant. */
  String placeOf(UUID tenant) {
    return "t_" + hex(tenant);
  }

  private String prefix() {
    return "gh_" + partition.replace('-', '_') + "_";
  }

  private static String hex(UUID tenant) {
    return tenant.toString().replace("-", "");
  }
}
