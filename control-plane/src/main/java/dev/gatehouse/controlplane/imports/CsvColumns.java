package dev.gatehouse.controlplane.imports;

import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The columns of an import in CSV: each is the path of a member of the tenant's document. An empty
 * field is a member that is absent.
 */
final class CsvColumns {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** How a field becomes a value. What does not look like one is left to the document to refuse. */
  private enum Type {
    TEXT,
    NUMBER,
    /** Separated by spaces. */
    LIST
  }

  private static final Map<String, Type> KNOWN =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("slug", Type.TEXT),
              Map.entry("name", Type.TEXT),
              Map.entry("status", Type.TEXT),
              Map.entry("config.auth.methods", Type.LIST),
              Map.entry("config.retentionDays", Type.NUMBER),
              Map.entry("settings.timezone", Type.TEXT),
              Map.entry("settings.locale", Type.TEXT),
              Map.entry("settings.currency", Type.TEXT),
              Map.entry("limits.requestsPerSecond", Type.NUMBER),
              Map.entry("limits.burst", Type.NUMBER),
              Map.entry("limits.concurrentRequests", Type.NUMBER),
              Map.entry("limits.requestsPerMonth", Type.NUMBER),
              Map.entry("limits.users", Type.NUMBER),
              Map.entry("limits.storageGb", Type.NUMBER),
              Map.entry("limits.customDomains", Type.NUMBER),
              Map.entry("limits.maxBodyBytes", Type.NUMBER),
              Map.entry("billing.provider", Type.TEXT),
              Map.entry("billing.customerReference", Type.TEXT),
              Map.entry("billing.plan", Type.TEXT),
              Map.entry("billing.email", Type.TEXT),
              Map.entry("billing.interval", Type.TEXT)));

  private final List<String> names;

  private CsvColumns(List<String> names) {
    this.names = List.copyOf(names);
  }

  /**
   * Reads the first record.
   *
   * @param fault what is wrong with it; empty if it can be read
   * @throws ProblemException {@code INVALID_BODY} where it is no list of columns
   */
  static CsvColumns named(List<String> fields, String fault) {
    if (!fault.isEmpty() || fields.isEmpty()) {
      throw refused("the first line " + (fault.isEmpty() ? "is not UTF-8" : fault));
    }
    List<String> names =
        fields.stream().map(name -> name.replace(BYTE_ORDER_MARK, "").strip()).toList();
    for (String name : names) {
      if (!KNOWN.containsKey(name)) {
        throw refused(
            "the first line names a column \""
                + name
                + "\", expected are "
                + String.join(", ", KNOWN.keySet()));
      }
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw refused("the first line names a column twice");
    }
    return new CsvColumns(names);
  }

  /** A record as the document that it stands for. */
  ImportRecord record(long line, List<String> fields) {
    if (fields.size() != names.size()) {
      return new ImportRecord.Unreadable(
          line, "has " + fields.size() + " fields, expected " + names.size());
    }
    JsonObject document = new JsonObject();
    for (int i = 0; i < names.size(); i++) {
      if (!fields.get(i).isEmpty()) {
        put(document, names.get(i), fields.get(i));
      }
    }
    return ImportRecord.Content.of(line, document.encode());
  }

  private static void put(JsonObject document, String path, String field) {
    String[] members = path.split("\\.", -1);
    JsonObject here = document;
    for (int i = 0; i < members.length - 1; i++) {
      if (!here.containsKey(members[i])) {
        here.put(members[i], new JsonObject());
      }
      here = here.getJsonObject(members[i]);
    }
    here.put(members[members.length - 1], value(KNOWN.getOrDefault(path, Type.TEXT), field));
  }

  private static Object value(Type type, String field) {
    return switch (type) {
      case TEXT -> field;
      case NUMBER -> field.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(field) : field;
      case LIST -> new JsonArray(List.of(field.strip().split(" +", -1)));
    };
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(Problem.INVALID_BODY, detail);
  }
}
