package dev.gatehouse.contract.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a tenant is in its life: {@code pending → active ⇄ suspended → archived → deleted}. */
public enum TenantStatus {
  /** Created, not yet served. */
  PENDING,
  /** Served. */
  ACTIVE,
  /** Refused at the edge until it is resumed. */
  SUSPENDED,
  /** Refused at the edge; its data is kept for a time. */
  ARCHIVED,
  /** Gone for good. */
  DELETED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in JSON and in the database. */
  @JsonValue
  public String wireName() {
    return wireName;
  }

  /**
   * Reads {@link #wireName()} back.
   *
   * @throws IllegalArgumentException if the name is none of the five
   */
  @JsonCreator
  public static TenantStatus fromWireName(String name) {
    for (TenantStatus status : values()) {
      if (status.wireName.equals(name)) {
        return status;
      }
    }
    throw new IllegalArgumentException(
        "status must be one of pending, active, suspended, archived, deleted, found " + name);
  }
}
