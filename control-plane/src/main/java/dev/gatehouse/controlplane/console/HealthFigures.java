package dev.gatehouse.controlplane.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How tenants do: who does worst, in which state those of a list are, how the score of one went.
 */
final class HealthFigures {
  private static final String WORST = "5";

  private HealthFigures() {}

  /** The state of each of these tenants that has one; empty where the caller may not read it. */
  static Optional<Map<String, Object>> states(Visit visit, Map<String, Object> tenants) {
    List<String> ids =
        Visit.items(tenants).stream().map(tenant -> String.valueOf(tenant.get("id"))).toList();
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    return visit
        .peek("listHealth", Map.of(), Map.of("tenants", String.join(",", ids), "limit", "200"))
        .map(list ->
            Visit.items(list).stream()
                .collect(
                    Collectors.toMap(
                        one -> String.valueOf(one.get("tenant")), one -> one.get("state"))));
  }

  /** Those who do worst of those who do not do well; empty where the caller may not read it. */
  static Optional<List<Map<String, Object>>> worst(Visit visit) {
    return visit
        .peek("listHealth", Map.of(), Map.of("limit", WORST))
        .map(list ->
            Visit.items(list).stream()
                .filter(one -> isBad(String.valueOf(one.get("state"))))
                .toList());
  }

  private static boolean isBad(String state) {
    return state.equals("degraded") || state.equals("unhealthy");
  }

  /**
   * The scores of the last week; empty where the caller may not read them.
   *
   * @param score how it does now; null where that is not known
   */
  static Optional<String> plot(Visit visit, Map<String, String> path, @Nullable Object score) {
    return visit
        .peek("getTenantHealthHistory", path, Map.of())
        .map(history -> {
          JsonArray times = new JsonArray();
          JsonArray scores = new JsonArray();
          for (Map<String, Object> row : Visit.items(history)) {
            times.add(Instant.parse(String.valueOf(row.get("time"))).getEpochSecond());
            scores.add(row.get("score"));
          }
          // It holds until now, at what the last round found.
          times.add(Instant.now().getEpochSecond());
          scores.add(score);
          return JsonObject.of("times", times, "scores", scores).encode();
        });
  }
}
