package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;

/**
 * An answer as lines: a list has a line for each item, with a column for each of its plain values;
 * anything else has a line for each value at any depth.
 *
 * @param head the names of the columns; empty for none
 * @param rows each with one cell for each column
 */
record Table(List<String> head, List<List<String>> rows) {
  private static final int MAX_COLUMNS = 8;
  private static final int MAX_CELL = 60;

  /** Signatures of kilobytes are for programs. */
  private static final int MAX_LINE = 500;

  /**
   * Makes one.
   *
   * @param columns of a list, as dotted paths into its items; if empty, their first plain values
   */
  static Table of(JsonNode answer, List<String> columns) {
    JsonNode items = answer.path("items");
    if (!items.isArray()) {
      return ofValues(answer);
    }
    return ofItems(items, columns.isEmpty() ? plainValuesOf(items) : columns);
  }

  private static List<String> plainValuesOf(JsonNode items) {
    SequencedSet<String> columns = new LinkedHashSet<>();
    for (JsonNode item : items) {
      item.properties().stream()
          .filter(member -> isPlain(member.getValue()))
          .forEach(member -> columns.add(member.getKey()));
    }
    return columns.stream().limit(MAX_COLUMNS).toList();
  }

  private static Table ofItems(JsonNode items, List<String> columns) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode item : items) {
      rows.add(columns.stream().map(column -> cell(valueAt(item, column))).toList());
    }
    return new Table(columns.stream().map(Table::heading).toList(), rows);
  }

  private static JsonNode valueAt(JsonNode item, String path) {
    return item.at("/" + path.replace('.', '/'));
  }

  /**
   * {@code createdAt} is {@code CREATED AT}; of a path, what is named counts, not that it is a
   * name.
   */
  private static String heading(String path) {
    String[] names = path.split("\\.", -1);
    String last = names[names.length - 1];
    String name = last.equals("name") && names.length > 1 ? names[names.length - 2] : last;
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(Locale.ROOT);
  }

  private static Table ofValues(JsonNode answer) {
    List<List<String>> rows = new ArrayList<>();
    collect("", answer, rows);
    return new Table(List.of(), rows);
  }

  private static void collect(String prefix, JsonNode node, List<List<String>> rows) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String name = prefix + member.getKey();
      if (isPlain(member.getValue())) {
        addLines(name, member.getValue(), rows);
      } else if (member.getValue().isObject()) {
        collect(name + ".", member.getValue(), rows);
      } else {
        collectItems(name + ".", member.getValue(), rows);
      }
    }
  }

  private static void collectItems(String prefix, JsonNode array, List<List<String>> rows) {
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i).isObject()) {
        collect(prefix + i + ".", array.get(i), rows);
      } else {
        rows.add(List.of(prefix + i, whole(array.get(i))));
      }
    }
  }

  /** The lines of a text stand below each other, in the column of the values. */
  private static void addLines(String name, JsonNode value, List<List<String>> rows) {
    String shown = name;
    for (String line : text(value).split("\n", -1)) {
      rows.add(List.of(shown, safe(shortened(line))));
      shown = "";
    }
  }

  private static String shortened(String line) {
    return line.length() <= MAX_LINE
        ? line
        : "%s… (%d characters; --output json shows all of them)"
            .formatted(line.substring(0, MAX_CELL), line.length());
  }

  private static boolean isPlain(JsonNode value) {
    return value.isValueNode()
        || (value.isArray() && value.valueStream().allMatch(JsonNode::isValueNode));
  }

  private static String cell(JsonNode value) {
    String text = whole(value);
    return text.length() <= MAX_CELL ? text : text.substring(0, MAX_CELL - 1) + "…";
  }

  private static String whole(JsonNode value) {
    return safe(text(value));
  }

  private static String text(JsonNode value) {
    return value.isArray()
        ? String.join(", ", value.valueStream().map(JsonNode::asText).toList())
        : value.asText();
  }

  /** An escape sequence, or a line break, in a tenant's name must not forge a table. */
  private static String safe(String text) {
    return text.replaceAll("\\p{Cntrl}", "�");
  }

  void print(PrintWriter out) {
    if (rows.isEmpty() && head.isEmpty()) {
      return;
    }
    List<List<String>> lines = new ArrayList<>();
    if (!head.isEmpty()) {
      lines.add(head);
    }
    lines.addAll(rows);
    int columns = lines.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
      }
      out.println(text.toString().stripTrailing());
    }
  }
}
