package dev.gatehouse.controlplane.isolation;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * One version of an application's SQL.
 *
 * @param number 1 and up, without gaps
 * @param document {@code up}, {@code down}, {@code backfill}, {@code seesRows} and {@code checks};
 *     valid by the API's document
 * @param frozen whether it has been rolled out somewhere, so that it cannot change
 */
record BlueprintVersion(int number, JsonObject document, boolean frozen) {
  /**
   * Something that must hold in a place that has this version.
   *
   * @param sql a query that gives true in its first column, in one row
   */
  record Check(String name, String sql) {}

  /** What leads from the version before to this one. */
  String up() {
    return document.getString("up");
  }

  /** What leads back. */
  Optional<String> down() {
    return Optional.ofNullable(document.getString("down"));
  }

  /** What is run again and again after {@code up}, as each tenant, until it changes nothing. */
  Optional<String> backfill() {
    return Optional.ofNullable(document.getString("backfill"));
  }

  /**
   * Whether it works on rows: of those who share, and of a schema, policies hide them from the
   * tables' owner as from everybody.
   */
  boolean seesRows() {
    return document.getBoolean("seesRows", false);
  }

  List<Check> checks() {
    return document.getJsonArray("checks", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .map(check -> new Check(check.getString("name"), check.getString("sql")))
        .toList();
  }

  JsonObject toJson() {
    return new JsonObject().put("number", number).mergeIn(document).put("frozen", frozen);
  }
}
