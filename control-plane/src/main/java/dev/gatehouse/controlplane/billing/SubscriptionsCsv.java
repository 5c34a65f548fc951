package dev.gatehouse.controlplane.billing;

import dev.gatehouse.controlplane.api.Csv;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;

/** Subscriptions as CSV, one row for each period. One thread. */
final class SubscriptionsCsv {
  private final Csv csv =
      new Csv(
          "tenantId",
          "slug",
          "provider",
          "customerReference",
          "subscriptionReference",
          "interval",
          "plan",
          "status",
          "from",
          "to",
          "seconds",
          "customDomains");

  /** The rows of some subscriptions; before the first ones, the names of the columns. */
  String rowsOf(List<Subscription> subscriptions) {
    for (Subscription subscription : subscriptions) {
      for (Object period : subscription.periods()) {
        row(subscription, subscription.customer(), (JsonObject) period);
      }
    }
    return csv.take();
  }

  private void row(Subscription subscription, JsonObject customer, JsonObject period) {
    csv.row(
        subscription.tenantId().toString(),
        subscription.slug(),
        customer.getString("provider", ""),
        customer.getString("customerReference", ""),
        customer.getString("subscriptionReference", ""),
        customer.getString("interval", ""),
        period.getString("plan", ""),
        period.getString("status"),
        period.getString("from"),
        period.getString("to"),
        seconds(period.getNumber("seconds")),
        Long.toString(subscription.customDomains()));
  }

  /** Never as {@code 2.592E6}. */
  private static String seconds(Number number) {
    return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
  }
}
