package dev.gatehouse.controlplane.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** By what a page of the audit trail is narrowed. */
final class AuditQuery {
  private AuditQuery() {}

  static Map<String, String> of(Visit visit) {
    Map<String, String> query = new HashMap<>();
    for (String name : List.of("action", "actor", "cursor")) {
      visit.query(name).ifPresent(value -> query.put(name, value.strip()));
    }
    query.put("limit", "50");
    return query;
  }
}
