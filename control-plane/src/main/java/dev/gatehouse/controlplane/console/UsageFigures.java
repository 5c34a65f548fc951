package dev.gatehouse.controlplane.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was done in the last day, in numbers and as a plot; of the platform or of one tenant. */
final class UsageFigures {
  private static final int HOURS = 24;
  private static final Duration STEP = Duration.ofHours(1);

  private UsageFigures() {}

  /**
   * The figures; empty where the caller may not read them.
   *
   * @param operationId {@code getUsage} or {@code getTenantUsage}
   */
  static Optional<Map<String, Object>> of(
      Visit visit, String operationId, Map<String, String> path) {
    Instant to = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(STEP);
    Map<String, String> range =
        Map.of("from", to.minus(STEP.multipliedBy(HOURS)).toString(), "to", to.toString());
    return visit
        .peek(operationId, path, with(range, "step", "total"))
        .map(total -> {
          Map<String, Object> usage = new HashMap<>();
          usage.put("total", Visit.items(total).stream().findFirst().orElseGet(Map::of));
          usage.put("lost", total.getOrDefault("lost", List.of()));
          usage.put(
              "plot",
              plot(Visit.items(visit.read(operationId, path, with(range, "step", "hour"))), to)
                  .encode());
          return usage;
        });
  }

  /** Those that did the most, of the platform; empty where the caller may not read it. */
  static Optional<Map<String, Object>> busiest(Visit visit) {
    return visit.peek(
        "getUsage", Map.of(), Map.of("step", "total", "groupBy", "tenant", "rows", "5"));
  }

  private static Map<String, String> with(Map<String, String> range, String name, String value) {
    Map<String, String> query = new HashMap<>(range);
    query.put(name, value);
    return query;
  }

  /** Hours in which nothing was done are there, too. */
  private static JsonObject plot(List<Map<String, Object>> hours, Instant to) {
    Map<Instant, Map<String, Object>> byTime = new HashMap<>();
    hours.forEach(hour -> byTime.put(Instant.parse(String.valueOf(hour.get("time"))), hour));
    JsonArray times = new JsonArray();
    JsonArray requests = new JsonArray();
    JsonArray errors = new JsonArray();
    JsonArray limited = new JsonArray();
    for (int i = HOURS; i > 0; i--) {
      Instant time = to.minus(STEP.multipliedBy(i));
      Map<String, Object> hour = byTime.getOrDefault(time, Map.of());
      JsonObject counts = new JsonObject(map(hour.get("requests")));
      times.add(time.getEpochSecond());
      requests.add(counts.getLong("total", 0L));
      errors.add(counts.getLong("serverErrors", 0L));
      limited.add(hour.getOrDefault("limited", 0));
    }
    return JsonObject.of(
        "times", times, "requests", requests, "errors", errors, "limited", limited);
  }

  @SuppressWarnings("unchecked") // the API's own document
  private static Map<String, Object> map(@org.jspecify.annotations.Nullable Object part) {
    return part instanceof Map<?, ?> found ? (Map<String, Object>) found : Map.of();
  }
}
