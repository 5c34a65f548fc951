package dev.gatehouse.controlplane.analytics;

import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;

/** Lists in the order of a number, then of tenants, then of a name: where they go on. */
final class Ranked {
  private Ranked() {}

  /** Behind which one a list goes on, exactly. */
  static String key(double rank, UUID tenant, String name) {
    return Double.toHexString(rank) + " " + tenant + " " + name;
  }

  /** What is bound as {@code $1} to {@code $4}: number, tenant and name, and how many follow. */
  static Tuple behind(Optional<String> key, int count) {
    return key.map(text -> text.split(" ", 3))
        .map(
            parts -> Tuple.of(Double.valueOf(parts[0]), UUID.fromString(parts[1]), parts[2], count))
        .orElseGet(() -> Tuple.of(Double.NEGATIVE_INFINITY, new UUID(0, 0), "", count));
  }
}
