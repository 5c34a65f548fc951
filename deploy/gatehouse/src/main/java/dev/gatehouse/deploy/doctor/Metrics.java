package dev.gatehouse.deploy.doctor;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What a gateway tells Prometheus; labels are left as they are written. */
final class Metrics {
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

  /** Whether it is there and more than zero. */
  boolean isPositive(String name) {
    return value(name).orElse(0) > 0;
  }

  /** For sentences. */
  String shown(String name) {
    return String.valueOf(Math.round(value(name).orElse(0)));
  }
}
