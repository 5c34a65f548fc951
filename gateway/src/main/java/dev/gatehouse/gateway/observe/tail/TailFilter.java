package dev.gatehouse.gateway.observe.tail;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.route.Routed;
import io.vertx.core.MultiMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which requests somebody wants to hear of.
 *
 * @param tenant slug or id; null for those of all, and of none
 * @param service its name; null for all
 * @param fromStatus the lowest status code
 * @param toStatus the highest
 */
record TailFilter(@Nullable String tenant, @Nullable String service, int fromStatus, int toStatus) {
  private static final Set<String> KNOWN = Set.of("tenant", "service", "status");
  private static final Pattern CLASS = Pattern.compile("[1-5]xx");
  private static final Pattern CODE = Pattern.compile("[1-5][0-9]{2}");

  /**
   * What the query of a request says.
   *
   * @throws IllegalArgumentException if it says what nobody can do; the message says what
   */
  static TailFilter of(MultiMap query) {
    for (String name : query.names()) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "there is no such parameter, expected tenant, service or status");
      }
    }
    String status = query.get("status");
    int from = 0;
    int to = 999;
    if (status != null && CLASS.matcher(status).matches()) {
      from = Character.digit(status.charAt(0), 10) * 100;
      to = from + 99;
    } else if (status != null && CODE.matcher(status).matches()) {
      from = Integer.parseInt(status);
      to = from;
    } else if (status != null) {
      throw new IllegalArgumentException("status must be a code or a class, such as 404 or 5xx");
    }
    return new TailFilter(query.get("tenant"), query.get("service"), from, to);
  }

  boolean wants(Exchange exchange) {
    int status = exchange.request().response().getStatusCode();
    return status >= fromStatus
        && status <= toStatus
        && (tenant == null || isOf(exchange.tenant().orElse(null)))
        && (service == null || goesTo(exchange.routed().orElse(null)));
  }

  private boolean isOf(@Nullable Tenant known) {
    return known != null && (known.slug().equals(tenant) || known.id().equals(tenant));
  }

  private boolean goesTo(@Nullable Routed routed) {
    return routed != null && routed.service().name().equals(service);
  }
}
