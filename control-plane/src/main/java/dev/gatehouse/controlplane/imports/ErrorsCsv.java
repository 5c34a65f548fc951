package dev.gatehouse.controlplane.imports;

import dev.gatehouse.controlplane.api.Csv;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The errors of an import as CSV, one row for each fault. One thread. */
final class ErrorsCsv {
  private final Csv csv = new Csv("line", "problem", "pointer", "detail");

  /** The rows of some errors; before the first ones, the names of the columns. */
  String rowsOf(List<ImportStore.LineError> errors) {
    for (ImportStore.LineError error : errors) {
      String line = Long.toString(error.line());
      String type = error.error().getString("type");
      JsonArray faults = error.error().getJsonArray("errors", new JsonArray());
      if (faults.isEmpty()) {
        csv.row(line, type, "", error.error().getString("detail"));
      }
      for (Object fault : faults) {
        JsonObject one = (JsonObject) fault;
        csv.row(line, type, one.getString("pointer", ""), one.getString("detail"));
      }
    }
    return csv.take();
  }
}
