package dev.gatehouse.gateway.observe;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.Exchange.Stage;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.observe.trace.RequestSpan;
import dev.gatehouse.gateway.route.Routed;
import dev.gatehouse.gateway.upstream.Target;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JSON document for each request, through the logger {@value #LOGGER}, whose appender must not
 * block. JSON escapes whatever a client put into its path, so that one request is one line. Queries
 * and headers are not logged: they hold secrets. What the fields mean is in docs/logs.md.
 */
final class AccessLog {
  static final String LOGGER = "dev.gatehouse.access";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
  private static final Stage[] STAGES = Stage.values();
  private static final List<String> STAGE_NAMES =
      Arrays.stream(STAGES).map(stage -> stage.name().toLowerCase(Locale.ROOT)).toList();

  @Bound(of = "the path in the access log", unit = "characters", atIt = "the rest of it is cut off")
  private static final int MAX_PATH = 1024;

  private AccessLog() {}

  static void write(String line) {
    LOG.info(line);
  }

  /**
   * The line of a request that has ended.
   *
   * @param subjects whether it says who called
   */
  static String lineOf(Exchange exchange, long nanos, boolean subjects) {
    HttpServerRequest request = exchange.request();
    AccessLine line =
        AccessLine.begin()
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
    SSLSession tls = request.isSSL() ? request.connection().sslSession() : null;
    if (tls != null) {
      line.put("tls", tls.getProtocol());
    }
    if (exchange.tenant().isPresent()) {
      Tenant tenant = exchange.tenant().get();
      line.put("tenant", tenant.slug())
          .put("tenantId", tenant.id())
          .put("revision", tenant.revision());
    }
    Principal principal = exchange.principal();
    if (principal != null) {
      line.put("authentication", principal.method().wireName());
      if (subjects) {
        line.put("subject", principal.subject());
      }
    }
    writeUpstream(exchange, line);
    if (!exchange.refusal().isEmpty()) {
      line.put("refusal", exchange.refusal());
    }
    if (!exchange.passedOnTo().isEmpty()) {
      line.put("passedOnTo", exchange.passedOnTo());
    }
    if (exchange.isTraced()) {
      RequestSpan span = exchange.span();
      line.put("sampled", span != null);
      if (span != null) {
        line.put("spanId", span.id());
      }
    }
    line.open("stageMicros");
    for (int i = 0; i < STAGES.length; i++) {
      long micros = exchange.stageMicros(STAGES[i]);
      if (micros >= 0) {
        line.put(STAGE_NAMES.get(i), micros);
      }
    }
    return line.close().end();
  }

  private static void writeUpstream(Exchange exchange, AccessLine line) {
    Routed routed = exchange.routed().orElse(null);
    if (routed != null) {
      line.put("service", routed.service().name()).put("route", routed.route().path());
      if (!routed.version().isEmpty()) {
        line.put("apiVersion", routed.version());
      }
    }
    Target target = exchange.target();
    if (target != null) {
      line.put("endpoint", target.toString()).put("attempts", exchange.attempts());
    }
    if (exchange.upstreamMicros() >= 0) {
      line.put("upstreamMicros", exchange.upstreamMicros());
    }
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
