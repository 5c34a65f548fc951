package dev.gatehouse.controlplane.tenant;

import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.UUID;

/**
 * What a list of tenants can be ordered by. The id comes last, so that there is one order only; ids
 * are in the order of creation.
 */
enum TenantSort {
  CREATED_AT("createdAt", "id", false),
  CREATED_AT_DESCENDING("-createdAt", "id", true),
  NAME("name", "name", false),
  NAME_DESCENDING("-name", "name", true),
  SLUG("slug", "slug", false),
  SLUG_DESCENDING("-slug", "slug", true),
  UPDATED_AT("updatedAt", "updated_at", false),
  UPDATED_AT_DESCENDING("-updatedAt", "updated_at", true);

  private final String wireName;
  private final String column;
  private final boolean descending;

  TenantSort(String wireName, String column, boolean descending) {
    this.wireName = wireName;
    this.column = column;
    this.descending = descending;
  }

  static TenantSort fromWireName(String name) {
    return Arrays.stream(values())
        .filter(sort -> sort.wireName.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no order is named " + name));
  }

  /** Where a tenant stands in the order. */
  String keyOf(Tenant tenant) {
    return JsonArray.of(valueOf(tenant), tenant.id().toString()).encode();
  }

  private String valueOf(Tenant tenant) {
    return switch (this) {
      case CREATED_AT, CREATED_AT_DESCENDING -> "";
      case NAME, NAME_DESCENDING -> tenant.name();
      case SLUG, SLUG_DESCENDING -> tenant.slug().value();
      case UPDATED_AT, UPDATED_AT_DESCENDING -> tenant.updatedAt().toString();
    };
  }

  /** The condition for what stands behind a key, whose values it binds. */
  String behind(String key, Tuple values) {
    JsonArray parts = new JsonArray(key);
    String comparison = descending ? " < " : " > ";
    UUID id = UUID.fromString(parts.getString(1));
    if (column.equals("id")) {
      return "id" + comparison + "$" + bind(values, id);
    }
    Object value =
        column.equals("updated_at") ? OffsetDateTime.parse(parts.getString(0)) : parts.getString(0);
    return "("
        + column
        + ", id)"
        + comparison
        + "($"
        + bind(values, value)
        + ", $"
        + bind(values, id)
        + ")";
  }

  /** What follows {@code ORDER BY}. */
  String orderBy() {
    String direction = descending ? " DESC" : "";
    return column.equals("id") ? "id" + direction : column + direction + ", id" + direction;
  }

  static int bind(Tuple values, Object value) {
    values.addValue(value);
    return values.size();
  }
}
