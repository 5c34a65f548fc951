package dev.gatehouse.gateway.observe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /metrics} exports: families with their help and type, and series with labels. */
final class Scrape {
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  private final Map<String, String> help = new TreeMap<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, Set<String>> labels = new TreeMap<>();

  static Scrape of(String text) {
    Scrape scrape = new Scrape();
    text.lines().forEach(scrape::read);
    return scrape;
  }

  private void read(String line) {
    if (line.startsWith("# ")) {
      String[] words = line.split(" ", 4);
      (words[1].equals("HELP") ? help : types).put(words[2], words.length > 3 ? words[3] : "");
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (sample.matches()) {
      Set<String> names = labels.computeIfAbsent(sample.group(1), _ -> new TreeSet<>());
      if (sample.group(2) != null) {
        LABEL.matcher(sample.group(2)).results().forEach(label -> names.add(label.group(1)));
      }
    }
  }

  boolean has(String series) {
    return labels.containsKey(series);
  }

  /** The labels of a series, over all that are called so. */
  Set<String> labels(String series) {
    return labels.getOrDefault(series, Set.of());
  }

  /** The families of the gateway's own: a row of docs/metrics.md each. */
  Set<String> rows() {
    Set<String> rows = new TreeSet<>();
    types.forEach((family, type) -> {
      // The maximum of a histogram is told of beside it.
      boolean max = family.endsWith("_max") && types.containsKey(family.replaceAll("_max$", ""));
      if (family.startsWith("gatehouse_") && !max) {
        rows.add(row(family, type));
      }
    });
    return rows;
  }

  private String row(String family, String type) {
    String series = type.equals("histogram") ? family + "_count" : family;
    Set<String> names = new TreeSet<>(labels(series));
    String shown = names.isEmpty() ? "" : "`" + String.join("`, `", names) + "`";
    return "| `%s` | %s | %s | %s |".formatted(family, type, shown, help.get(family));
  }
}
