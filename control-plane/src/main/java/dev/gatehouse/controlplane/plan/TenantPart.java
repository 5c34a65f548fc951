package dev.gatehouse.controlplane.plan;

import java.util.Locale;

/** The parts of a tenant's document that a plan has defaults for. */
public enum TenantPart {
  LIMITS,
  /** What a tenant is promised. */
  OBJECTIVES,
  FEATURES,
  SETTINGS;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Its name in documents and paths. */
  public String wireName() {
    return wireName;
  }
}
