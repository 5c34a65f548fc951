package dev.gatehouse.controlplane.billing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/**
 * A tenant's periods within a range of time.
 *
 * @param customer provider and references, as they were last
 * @param periods each with {@code plan}, {@code status}, {@code from}, {@code to} and {@code
 *     seconds}, the earliest first
 * @param customDomains how many it has now
 */
record Subscription(
    UUID tenantId, String slug, JsonObject customer, JsonArray periods, long customDomains) {
  JsonObject toJson() {
    return new JsonObject()
        .put("tenantId", tenantId.toString())
        .put("slug", slug)
        .put("customer", customer)
        .put("periods", periods)
        .put("customDomains", customDomains);
  }
}
