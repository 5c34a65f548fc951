package dev.gatehouse.controlplane.tenant;

import java.util.UUID;
import java.util.regex.Pattern;

/** How a caller names a tenant in a path: by its id or by its slug. */
public sealed interface TenantName {
  Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** By id. */
  record Id(UUID id) implements TenantName {}

  /** By slug. */
  record OfSlug(String slug) implements TenantName {}

  /** Reads a path segment. */
  static TenantName parse(String segment) {
    return UUID_FORM.matcher(segment).matches()
        ? new Id(UUID.fromString(segment))
        : new OfSlug(segment);
  }
}
