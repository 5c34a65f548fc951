package dev.gatehouse.gateway.admit;

import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;

/** The first stage: takes requests that can be read in one way only, and refuses all others. */
public final class Admission {
  /** What a connection of HTTP/2 begins with, and no request (RFC 9113 section 3.4). */
  private static final String HTTP2_PREFACE = "PRI";

  private final AdmitConfig config;

  public Admission(AdmitConfig config) {
    this.config = config;
  }

  /**
   * Checks method, host, framing and target.
   *
   * @throws Rejection if the request is refused
   */
  public Sanitized admit(RequestHead request) {
    RequestHeaders headers = request.headers();
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.CONNECT)
        || method.equals(HttpMethod.TRACE)
        || method.name().equals(HTTP2_PREFACE)) {
      throw Rejection.MethodNotAllowed.INSTANCE;
    }
    requireUpperCase(method.name());
    if (headers.count() > config.maxHeaders()) {
      throw new Rejection.TooManyHeaders(config.maxHeaders());
    }
    Passes.requireFew(headers.cdnLoop());
    String authority = authorityOf(request, headers);
    String host = HostHeader.hostOf(authority);
    long contentLength = contentLength(request, headers);
    if (contentLength > config.maxBodyBytes()) {
      throw new Rejection.BodyTooLarge(config.maxBodyBytes());
    }
    String expectation = headers.expect();
    if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
      throw Rejection.ExpectationFailed.INSTANCE;
    }
    String target = targetOf(request, authority);
    return new Sanitized(request, host, target, RequestTarget.pathLength(target), contentLength);
  }

  /**
   * Tells a host that belongs to nobody from one that cannot exist.
   *
   * @throws Rejection.BadRequest if it cannot exist
   */
  public static void requirePossibleHost(String host) {
    HostHeader.requirePossible(host);
  }

  /** No route that is for POST is for {@code post}, which some applications serve as POST. */
  private static void requireUpperCase(String method) {
    for (int i = 0; i < method.length(); i++) {
      if (method.charAt(i) >= 'a' && method.charAt(i) <= 'z') {
        throw new Rejection.BadRequest("The method must be in upper case.");
      }
    }
  }

  private static String authorityOf(RequestHead request, RequestHeaders headers) {
    if (request.version() == HttpVersion.HTTP_2) {
      // The codec has refused a first Host that differs (RFC 9113 section 8.3.1), and no other.
      HostAndPort authority = request.authority();
      if (authority == null || headers.hosts() > 1) {
        throw new Rejection.BadRequest("A request must have exactly one :authority or Host.");
      }
      return authority.toString();
    }
    String host = headers.host();
    if (host == null || host.isEmpty()) {
      throw new Rejection.BadRequest("A request must have exactly one Host.");
    }
    return host;
  }

  /** RFC 9112 section 6.3, without the leniency. */
  private static long contentLength(RequestHead request, RequestHeaders headers) {
    String coding = headers.transferEncoding();
    String length = headers.contentLength();
    if (coding == null && length == null) {
      return request.version() == HttpVersion.HTTP_2 && !request.isEnded() ? Sanitized.UNKNOWN : 0;
    }
    if (coding == null) {
      return parseLength(length == null || headers.contentLengths() > 1 ? "" : length);
    }
    if (length != null) {
      throw new Rejection.BadRequest("A request has either Content-Length or Transfer-Encoding.");
    }
    if (request.version() != HttpVersion.HTTP_1_1) {
      throw new Rejection.BadRequest("Transfer-Encoding belongs to HTTP/1.1.");
    }
    if (headers.transferEncodings() != 1) {
      throw new Rejection.BadRequest("A request has one Transfer-Encoding.");
    }
    if (!coding.equalsIgnoreCase("chunked")) {
      throw Rejection.CodingNotImplemented.INSTANCE;
    }
    return Sanitized.UNKNOWN;
  }

  private static long parseLength(String text) {
    // Not 010 either, which some read as 8.
    boolean digits =
        !text.isEmpty() && text.length() <= 18 && (text.length() == 1 || text.charAt(0) != '0');
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw new Rejection.BadRequest("Content-Length must be one decimal number.");
    }
    return Long.parseLong(text);
  }

  private static String targetOf(RequestHead request, String authority) {
    if (request.version() != HttpVersion.HTTP_2) {
      return originForm(request.uri(), authority);
    }
    // RFC 9113 section 8.3.1: what is not a URL of HTTP is nothing that is served here.
    String scheme = request.namedScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      throw new Rejection.BadRequest("The :scheme must be http or https.");
    }
    if (!request.uri().startsWith("/")) {
      throw new Rejection.BadRequest("The :path must begin with a slash.");
    }
    return request.uri();
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
