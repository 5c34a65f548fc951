package dev.gatehouse.sample;

import dev.gatehouse.contract.context.TenantContext;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;

/**
 * What the application was told about a request: the verified context, and every header that speaks
 * of tenants or of the way that the request came, as received.
 */
final class Identity {
  private Identity() {}

  /** {@code context} and {@code headers} (name as received, to the list of its values). */
  static JsonObject of(RoutingContext ctx) {
    TenantContext context = ContextGate.contextOf(ctx);
    JsonObject verified =
        new JsonObject()
            .put("tenantId", context.tenantId().toString())
            .put("tenantSlug", context.tenantSlug())
            .put("subject", context.subject())
            .put("roles", new JsonArray(context.roles().stream().sorted().toList()))
            .put("authenticatedBy", context.authenticatedBy())
            .put("service", context.service())
            .put("issuedAt", context.issuedAt().toString())
            .put("expiresAt", context.expiresAt().toString());
    JsonObject headers = new JsonObject();
    for (Map.Entry<String, String> header : ctx.request().headers()) {
      if (isShown(header.getKey())) {
        JsonArray values = headers.getJsonArray(header.getKey(), new JsonArray());
        headers.put(header.getKey(), values.add(shown(header.getKey(), header.getValue())));
      }
    }
    return new JsonObject().put("context", verified).put("headers", headers);
  }

  /** Compares letters only: {@code X_Tenant.Id} is as telling as {@code X-Tenant-Id}. */
  private static boolean isShown(String name) {
    String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    return letters.startsWith("xtenant")
        || letters.startsWith("xforwarded")
        || letters.equals("forwarded");
  }

  /** The caller must not learn a signature that the application would believe. */
  private static String shown(String name, String value) {
    return name.equalsIgnoreCase(TenantContext.HEADER)
        ? value.substring(0, value.lastIndexOf('.') + 1) + "(signature withheld)"
        : value;
  }
}
