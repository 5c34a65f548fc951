package dev.gatehouse.deploy.doctor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a gateway or a control plane tells Prometheus; labels are left as they are written. */
final class Metrics {
  private static final Pattern VERSION =
      Pattern.compile("gatehouse_build_info\\{version=\"([^\"]*)\"}");

  private final Map<String, Double> values = new HashMap<>();

  Metrics(String text) {
    text.lines().filter(line -> !line.startsWith("#")).forEach(this::add);
  }

  private void add(String line) {
    int space = line.lastIndexOf(' ');
    if (space > 0) {
      try {
        values.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
      } catch (NumberFormatException _) {
        // Not what Prometheus would read, either.
      }
    }
  }

  /** Empty if there is none of this name, with these labels. */
  OptionalDouble value(String name) {
    Double value = values.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The version of the program that tells it; empty if it says none. */
  Optional<String> version() {
    return values.keySet().stream()
        .map(VERSION::matcher)
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .findFirst();
  }

  /** Whether it is there and more than zero. */
  boolean isPositive(String name) {
    return value(name).orElse(0) > 0;
  }

  /** For sentences. */
  String shown(String name) {
    return String.valueOf(Math.round(value(name).orElse(0)));
  }
}
