package dev.gatehouse.loadtests.directory;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;

/**
 * A kind of query.
 *
 * @param parameters of one query; others each time
 */
record Query(String name, Function<Random, String> parameters) {
  private static final List<String> WORDS =
      List.of("North", "South", "Amber", "Cobalt", "Rapid", "Quiet", "Solar", "Urban");

  /** All kinds, for so many tenants. */
  static List<Query> all(int tenants) {
    return List.of(
        new Query("first page", _ -> ""),
        new Query("of one status", _ -> "&status=suspended"),
        new Query("of a rare status, by name", _ -> "&status=archived&sort=-name"),
        new Query("by name", _ -> "&sort=name"),
        new Query("by slug, last first", _ -> "&sort=-slug"),
        new Query("by last change", _ -> "&sort=-updatedAt"),
        new Query("created on a day", random -> created(random, tenants)),
        new Query("search, many found", random -> "&q=" + word(random)),
        new Query("search, many found, by name", random -> "&sort=name&q=" + word(random)),
        new Query(
            "search, one found", random -> "&q=%20" + (1000 + random.nextInt(tenants - 1000))),
        new Query("search, none found", random -> "&q=zq" + random.nextInt(1_000_000) + "x"),
        new Query("search, two letters", random -> "&q=" + word(random).substring(0, 2)),
        new Query(
            "search in one status",
            random -> "&status=suspended&sort=-updatedAt&q=" + word(random)),
        new Query("by domain", random -> "&domain=" + host(random, tenants)));
  }

  private static String word(Random random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private static String host(Random random, int tenants) {
    return "%s-foods-%d.example.com"
        .formatted(word(random).toLowerCase(Locale.ROOT), 10 * random.nextInt(tenants / 10));
  }

  private static String created(Random random, int tenants) {
    java.time.Instant from =
        java.time.Instant.parse("2025-01-01T00:00:00Z").plusSeconds(300L * random.nextInt(tenants));
    return "&createdFrom=" + from + "&createdTo=" + from.plusSeconds(86_400);
  }
}
