package dev.gatehouse.gateway.observe;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.Exchange.Stage;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.directory.Tenant;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JSON document for each request, through the logger {@value #LOGGER}, whose appender must not
 * block. JSON escapes whatever a client put into its path, so that one request is one line. Queries
 * and headers are not logged: they hold secrets.
 */
final class AccessLog {
  static final String LOGGER = "dev.gatehouse.access";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
  private static final Stage[] STAGES = Stage.values();

  @Bound(of = "the path in the access log", unit = "characters", atIt = "the rest of it is cut off")
  private static final int MAX_PATH = 1024;

  private AccessLog() {}

  static void write(Exchange exchange, long nanos) {
    HttpServerRequest request = exchange.request();
    JsonObject line =
        new JsonObject()
            .put("time", Instant.now().toString())
            .put("requestId", exchange.traceParent().traceId())
            .put("client", exchange.client().address())
            .put("method", request.method().name())
            .put("host", String.valueOf(request.authority()))
            .put("path", pathOf(request))
            .put("protocol", protocolOf(request))
            .put("status", request.response().getStatusCode())
            .put("bytesIn", request.bytesRead())
            .put("bytesOut", request.response().bytesWritten())
            .put("micros", nanos / 1000);
    if (exchange.tenant().isPresent()) {
      Tenant tenant = exchange.tenant().get();
      line.put("tenant", tenant.slug())
          .put("tenantId", tenant.id())
          .put("revision", tenant.revision());
    }
    if (!exchange.refusal().isEmpty()) {
      line.put("refusal", exchange.refusal());
    }
    if (!exchange.passedOnTo().isEmpty()) {
      line.put("passedOnTo", exchange.passedOnTo());
    }
    line.put("stageMicros", stages(exchange));
    LOG.info("{}", line.encode());
  }

  private static JsonObject stages(Exchange exchange) {
    JsonObject stages = new JsonObject();
    for (Stage stage : STAGES) {
      long micros = exchange.stageMicros(stage);
      if (micros >= 0) {
        stages.put(stage.name().toLowerCase(Locale.ROOT), micros);
      }
    }
    return stages;
  }

  private static String pathOf(HttpServerRequest request) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    return path.length() <= MAX_PATH ? path : path.substring(0, MAX_PATH) + "…";
  }

  private static String protocolOf(HttpServerRequest request) {
    return request.version() == null ? "unknown" : request.version().alpnName();
  }
}
