package dev.gatehouse.gateway.admit;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;

/** The first stage: takes requests that can be read in one way only, and refuses all others. */
public final class Admission {
  private static final CharSequence EXPECT = HttpHeaders.createOptimized("expect");

  private final AdmitConfig config;

  public Admission(AdmitConfig config) {
    this.config = config;
  }

  /**
   * Checks method, host, framing and target.
   *
   * @throws Rejection if the request is refused
   */
  public Sanitized admit(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    MultiMap headers = request.headers();
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE)) {
      throw Rejection.MethodNotAllowed.INSTANCE;
    }
    String authority = authorityOf(request);
    String host = HostHeader.hostOf(authority);
    long contentLength = contentLength(request, headers);
    if (contentLength > config.maxBodyBytes()) {
      throw new Rejection.BodyTooLarge(config.maxBodyBytes());
    }
    String expectation = headers.get(EXPECT);
    if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
      throw Rejection.ExpectationFailed.INSTANCE;
    }
    String target = originForm(request.uri(), authority);
    return new Sanitized(exchange, host, target, RequestTarget.pathLength(target), contentLength);
  }

  /**
   * Tells a host that belongs to nobody from one that cannot exist.
   *
   * @throws Rejection.BadRequest if it cannot exist
   */
  public static void requirePossibleHost(String host) {
    HostHeader.requirePossible(host);
  }

  private static String authorityOf(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      // The codec has refused a first Host that differs (RFC 9113 section 8.3.1), and no other.
      HostAndPort authority = request.authority();
      if (authority == null || request.headers().getAll(HttpHeaders.HOST).size() > 1) {
        throw new Rejection.BadRequest("A request must have exactly one :authority or Host.");
      }
      return authority.toString();
    }
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.size() != 1 || hosts.getFirst().isEmpty()) {
      throw new Rejection.BadRequest("A request must have exactly one Host.");
    }
    return hosts.getFirst();
  }

  /** RFC 9112 section 6.3, without the leniency. */
  private static long contentLength(HttpServerRequest request, MultiMap headers) {
    boolean chunked = headers.contains(HttpHeaders.TRANSFER_ENCODING);
    boolean measured = headers.contains(HttpHeaders.CONTENT_LENGTH);
    if (!chunked && !measured) {
      return request.version() == HttpVersion.HTTP_2 && !request.isEnded() ? Sanitized.UNKNOWN : 0;
    }
    if (chunked) {
      if (measured) {
        throw new Rejection.BadRequest("A request has either Content-Length or Transfer-Encoding.");
      }
      return requireChunked(request, headers.getAll(HttpHeaders.TRANSFER_ENCODING));
    }
    List<String> lengths = headers.getAll(HttpHeaders.CONTENT_LENGTH);
    return lengths.size() == 1 ? parseLength(lengths.getFirst()) : parseLength("");
  }

  private static long requireChunked(HttpServerRequest request, List<String> codings) {
    if (request.version() != HttpVersion.HTTP_1_1) {
      throw new Rejection.BadRequest("Transfer-Encoding belongs to HTTP/1.1.");
    }
    if (codings.size() != 1) {
      throw new Rejection.BadRequest("A request has one Transfer-Encoding.");
    }
    if (!codings.getFirst().equalsIgnoreCase("chunked")) {
      throw Rejection.CodingNotImplemented.INSTANCE;
    }
    return Sanitized.UNKNOWN;
  }

  private static long parseLength(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 18;
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw new Rejection.BadRequest("Content-Length must be one decimal number.");
    }
    return Long.parseLong(text);
  }

  /** The absolute form is taken where it names the same authority (RFC 9112 section 3.2.2). */
  private static String originForm(String uri, String authority) {
    if (uri.startsWith("/")) {
      return uri;
    }
    int authorityStart =
        uri.regionMatches(true, 0, "http://", 0, 7)
            ? 7
            : uri.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
    int authorityEnd = authorityStart + authority.length();
    if (authorityStart < 0
        || !uri.regionMatches(true, authorityStart, authority, 0, authority.length())) {
      throw new Rejection.BadRequest("The request target must be a path that begins with a slash.");
    }
    if (authorityEnd == uri.length()) {
      return "/";
    }
    if (uri.charAt(authorityEnd) != '/') {
      throw new Rejection.BadRequest("The request target and the Host name different hosts.");
    }
    return uri.substring(authorityEnd);
  }
}
