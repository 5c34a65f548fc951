package dev.gatehouse.controlplane.analytics;

import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Csv;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A report as CSV: its columns are the places of values in the documents of the same report. One
 * thread.
 */
final class ReportCsv {
  private final String name;
  private final List<String> places;
  private final Csv csv;

  private ReportCsv(String name, List<String> places) {
    this.name = name;
    this.places = places;
    this.csv = new Csv(places.stream().map(ReportCsv::heading).toArray(String[]::new));
  }

  static ReportCsv ofPlatform(ApiRequest request) {
    String name = request.query("report").orElseThrow();
    boolean byPlan = request.query("groupBy").filter(by -> by.equals("plan")).isPresent();
    return new ReportCsv(
        name,
        switch (name) {
          case "error-budgets" -> withTenant(budget());
          case "quiet-tenants" ->
              List.of(
                  "tenant", "slug", "name", "plan", "lastActiveDay", "quietDays", "requestsBefore");
          case "quota-forecasts" ->
              List.of(
                  "tenant",
                  "slug",
                  "plan",
                  "quota",
                  "month",
                  "used",
                  "most",
                  "percent",
                  "atEndOfMonth",
                  "percentAtEndOfMonth",
                  "usedUpAt",
                  "method",
                  "errorPercent",
                  "asOf");
          case "retention" -> cohort(request.query("months").map(Integer::parseInt).orElse(13));
          case "growth" -> byPlan ? growthByPlan() : growth();
          default -> routes(true);
        });
  }

  static ReportCsv ofTenant(ApiRequest request) {
    String name = request.query("report").orElseThrow();
    return new ReportCsv(
        name,
        switch (name) {
          case "error-budgets" -> budget();
          case "growth" -> growthOfTenant();
          default -> routes(false);
        });
  }

  String name() {
    return name;
  }

  /** Some rows; before the first ones, the names of the columns. */
  String rows(List<JsonObject> documents) {
    for (JsonObject document : documents) {
      List<@Nullable Object> values = new ArrayList<>();
      places.forEach(place -> values.add(at(document, place)));
      csv.row(values);
    }
    return csv.take();
  }

  private static List<String> withTenant(List<String> places) {
    List<String> all = new ArrayList<>(List.of("tenant", "slug", "plan"));
    all.addAll(places);
    return all;
  }

  private static List<String> budget() {
    return List.of(
        "objective",
        "target",
        "withinMillis",
        "countedWithinMillis",
        "windowDays",
        "valid",
        "budget",
        "spent",
        "remaining",
        "burnRates.hour",
        "burnRates.sixHours",
        "burnRates.threeDays",
        "usedUpAt",
        "burningSince",
        "usedUpSince",
        "asOf");
  }

  private static List<String> growth() {
    return List.of(
        "from",
        "to",
        "complete",
        "tenants.created",
        "tenants.activated",
        "tenants.suspended",
        "tenants.archived",
        "tenants.deleted",
        "tenants.net",
        "tenants.total",
        "active",
        "averageDaily",
        "weekly",
        "monthly",
        "stickiness",
        "requests",
        "requestsChange",
        "bytes",
        "bytesChange",
        "errors");
  }

  private static List<String> growthByPlan() {
    return List.of(
        "from",
        "to",
        "complete",
        "plan",
        "tenants.total",
        "active",
        "averageDaily",
        "requests",
        "requestsChange",
        "bytes",
        "bytesChange",
        "errors");
  }

  private static List<String> growthOfTenant() {
    return List.of(
        "from",
        "to",
        "complete",
        "activeDays",
        "requests",
        "requestsChange",
        "bytes",
        "bytesChange",
        "errors");
  }

  private static List<String> cohort(int months) {
    List<String> all = new ArrayList<>(List.of("cohort", "tenants"));
    IntStream.range(0, months).forEach(month -> all.add("active." + month));
    return all;
  }

  private static List<String> routes(boolean ofAll) {
    List<String> all = new ArrayList<>(List.of("route", "path", "service"));
    if (ofAll) {
      all.add("tenants");
    }
    all.addAll(
        List.of(
            "requests",
            "share",
            "errors",
            "errorPercent",
            "bytes",
            "latency.mean",
            "latency.p50",
            "latency.p95",
            "latency.p99"));
    return all;
  }

  /** Such as {@code burnRatesHour}. */
  private static String heading(String place) {
    StringBuilder heading = new StringBuilder();
    for (String part : place.split("\\.", -1)) {
      heading.append(
          heading.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return heading.toString();
  }

  private static @Nullable Object at(JsonObject document, String place) {
    @Nullable Object value = document;
    for (String name : place.split("\\.", -1)) {
      value =
          switch (value) {
            case JsonObject object -> object.getValue(name);
            case JsonArray array -> {
              int index = Integer.parseInt(name);
              yield index < array.size() ? array.getValue(index) : null;
            }
            case null, default -> null;
          };
    }
    return value;
  }
}
