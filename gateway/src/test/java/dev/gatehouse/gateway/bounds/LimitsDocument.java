package dev.gatehouse.gateway.bounds;

import dev.gatehouse.gateway.GatewayConfig;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes docs/limits.md. */
final class LimitsDocument {
  private static final String INTRODUCTION =
      """
      # The gateway's limits

      Every bound that a gateway itself has: its key in `gateway.yaml`, what it is if you say nothing, what happens at it, and the metric (at `/metrics` of the admin port) that shows it. What bounds single tenants is in their
      [plans](plans.md) and [limits](tenants.md), what bounds single services in [theirs](services-and-routes.md) and in [fairness](fairness.md). Bounds of an event loop hold for each of `eventLoops`, one a core by default.

      This page is made from the configuration itself, as `COMMAND` does; a test compares.
      """;

  private final StringBuilder text = new StringBuilder();

  private LimitsDocument() {}

  /**
   * @param defaults a configuration that says as little as possible
   * @param constants that are marked as bounds
   * @param command that writes the document
   */
  static String of(GatewayConfig defaults, List<Field> constants, String command)
      throws IllegalAccessException {
    LimitsDocument document = new LimitsDocument();
    document.text.append(INTRODUCTION.replace("COMMAND", command));
    Map<String, List<Setting>> groups = new LinkedHashMap<>();
    Setting.in(GatewayConfig.class, defaults)
        .filter(setting -> setting.component().isAnnotationPresent(Bound.class))
        .forEach(each -> groups.computeIfAbsent(each.group(), _ -> new ArrayList<>()).add(each));
    groups.forEach(document::write);
    document.write(constants);
    return document.text.toString();
  }

  private void write(String group, List<Setting> settings) {
    text.append("\n## `").append(group).append("`\n\n");
    text.append("| key | default | what happens at it | shown by |\n| --- | --- | --- | --- |\n");
    for (Setting setting : settings) {
      Bound bound = setting.component().getAnnotation(Bound.class);
      row("`" + setting.key() + "`", setting.defaultValue(), bound);
    }
  }

  private void write(List<Field> constants) throws IllegalAccessException {
    text.append("\n## What cannot be set\n\n");
    text.append("| what | at most | what happens at it | shown by |\n| --- | --- | --- | --- |\n");
    for (Field constant : constants) {
      Bound bound = constant.getAnnotation(Bound.class);
      row(bound.of(), Constants.valueOf(constant), bound);
    }
  }

  private void row(String what, @Nullable Object value, Bound bound) {
    String unit = bound.unit().isEmpty() ? "" : " " + bound.unit();
    text.append(
        "| %s | %s%s | %s | %s |\n"
            .formatted(what, written(value), unit, bound.atIt(), metric(bound)));
  }

  private static String metric(Bound bound) {
    return bound.metric().isEmpty() ? "" : "`" + bound.metric() + "`";
  }

  private static String written(@Nullable Object value) {
    return value instanceof Duration time ? written(time) : String.valueOf(value);
  }

  /** As it is written in the configuration. */
  private static String written(Duration time) {
    if (time.toMillisPart() != 0) {
      return time.toMillis() + "ms";
    } else if (time.toSecondsPart() != 0 || time.toMinutes() < 2) {
      return time.toSeconds() + "s";
    }
    return time.toMinutesPart() != 0 ? time.toMinutes() + "m" : time.toHours() + "h";
  }
}
