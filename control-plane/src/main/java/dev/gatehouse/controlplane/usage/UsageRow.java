package dev.gatehouse.controlplane.usage;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * What was done within one step.
 *
 * @param at when the step begins; empty where it is the whole range
 * @param group of which route, service or tenant: its key, and its path or slug where there is one
 */
record UsageRow(Optional<Instant> at, Optional<Grouped> group, Totals totals) {
  /**
   * By what it is kept apart.
   *
   * @param kind {@code route}, {@code service} or {@code tenant}
   * @param key the id or the name; empty for requests that took no route
   * @param label the path of a route, or the slug of a tenant; empty if there is none
   */
  record Grouped(String kind, String key, String label) {}

  JsonObject toJson() {
    JsonObject row = new JsonObject();
    at.ifPresent(time -> row.put("time", time.toString()));
    group.ifPresent(grouped -> {
      row.put(grouped.kind, grouped.key);
      if (!grouped.label.isEmpty()) {
        row.put(grouped.kind.equals("route") ? "path" : "slug", grouped.label);
      }
    });
    return totals.into(row);
  }
}
