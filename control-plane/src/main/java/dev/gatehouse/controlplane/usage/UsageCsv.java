package dev.gatehouse.controlplane.usage;

import dev.gatehouse.controlplane.api.Csv;
import java.util.List;

/** Usage as CSV, a row for each step and group. */
final class UsageCsv {
  private UsageCsv() {}

  static String of(UsageQuery query, List<UsageRow> rows) {
    Csv csv =
        new Csv(
            "time",
            query.group() == UsageQuery.Group.NONE ? "group" : query.group().wireName(),
            "label",
            "requests",
            "informational",
            "successful",
            "redirected",
            "clientErrors",
            "serverErrors",
            "unanswered",
            "billable",
            "limited",
            "refused",
            "bytesIn",
            "bytesOut",
            "webSocketSeconds",
            "p50Millis",
            "p95Millis",
            "p99Millis");
    rows.forEach(row -> add(csv, row));
    return csv.take();
  }

  private static void add(Csv csv, UsageRow row) {
    Totals totals = row.totals();
    csv.row(
        row.at().map(Object::toString).orElse(""),
        row.group().map(UsageRow.Grouped::key).orElse(""),
        row.group().map(UsageRow.Grouped::label).orElse(""),
        Long.toString(totals.total()),
        Long.toString(totals.requests().get(1)),
        Long.toString(totals.requests().get(2)),
        Long.toString(totals.requests().get(3)),
        Long.toString(totals.requests().get(4)),
        Long.toString(totals.requests().get(5)),
        Long.toString(totals.requests().get(0)),
        Long.toString(totals.billable()),
        Long.toString(totals.limited()),
        Long.toString(totals.refused()),
        Long.toString(totals.bytesIn()),
        Long.toString(totals.bytesOut()),
        Long.toString(totals.webSocketMillis() / 1000),
        Double.toString(totals.quantile(0.5)),
        Double.toString(totals.quantile(0.95)),
        Double.toString(totals.quantile(0.99)));
  }
}
