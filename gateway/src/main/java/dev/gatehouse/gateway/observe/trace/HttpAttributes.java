package dev.gatehouse.gateway.observe.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attributes of spans: OpenTelemetry's conventions for HTTP, and the gateway's own. */
final class HttpAttributes {
  static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  static final AttributeKey<Long> RESENT = AttributeKey.longKey("http.request.resend_count");
  static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
  static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
  static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
  static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
  static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");
  static final AttributeKey<String> PROTOCOL_VERSION =
      AttributeKey.stringKey("network.protocol.version");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  static final AttributeKey<String> TENANT_ID = AttributeKey.stringKey("gatehouse.tenant.id");
  static final AttributeKey<String> TENANT_SLUG = AttributeKey.stringKey("gatehouse.tenant.slug");
  static final AttributeKey<String> SERVICE = AttributeKey.stringKey("gatehouse.service");
  static final AttributeKey<String> REFUSAL = AttributeKey.stringKey("gatehouse.refusal");

  private static final int MAX_PATH = 1024;
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  private HttpAttributes() {}

  /** What a client invents is not a name for anything. */
  static String methodOf(HttpMethod method) {
    return METHODS.contains(method.name()) ? method.name() : "_OTHER";
  }

  static String versionOf(@Nullable HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "1.0";
      case HTTP_1_1 -> "1.1";
      case HTTP_2 -> "2";
      case null -> "unknown";
    };
  }

  /** Without its query, which may hold secrets. */
  static String pathOf(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    return path.length() <= MAX_PATH ? path : path.substring(0, MAX_PATH);
  }
}
