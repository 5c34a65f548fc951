package dev.gatehouse.gateway.rejection;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.codec.StrictRequestDecoder;
import dev.gatehouse.gateway.limit.RateLimitHeaders;
import dev.gatehouse.gateway.limit.RateLimitState;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The one place that turns a {@link Rejection} into an answer: a problem document (RFC 9457) with a
 * stable type, or a page where a browser asks. Stateless.
 */
public final class Rejections {
  /** What an HTTP/2 client is told of a response that is broken off (RFC 9113 section 7). */
  public static final long CANCEL = 0x8;

  /** What an HTTP/2 client is told of a response whose end is missing. */
  public static final long INTERNAL_ERROR = 0x2;

  /** The last part of the type of {@link Rejection.ForeignResponse}. */
  public static final String FOREIGN_RESPONSE = "foreign-response";

  /** The last part of the type of {@link Rejection.EgressBudget}. */
  public static final String EGRESS_BUDGET = "egress-budget";

  private static final String TYPES = "https://gatehouse.dev/problems/";
  private static final CharSequence PROXY_STATUS = HttpHeaders.createOptimized("Proxy-Status");
  private static final CharSequence WWW_AUTHENTICATE =
      HttpHeaders.createOptimized("WWW-Authenticate");

  private static final String CHALLENGE = "Bearer realm=\"gatehouse\"";

  /** RFC 6750 section 3.1. */
  private static final String INVALID_TOKEN = CHALLENGE + ", error=\"invalid_token\"";

  /** Answers a request whose response has not begun. */
  public void answer(Exchange exchange, Rejection rejection) {
    HttpServerRequest request = exchange.request();
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    Answer answer = answerTo(rejection);
    exchange.refusal(answer.problem);
    response.setStatusCode(answer.status);
    writeHeaders(rejection, answer, response.headers());
    boolean unread = !request.isEnded() && mayHaveBody(request);
    boolean http2 = request.version() == HttpVersion.HTTP_2;
    boolean last = unread || (!http2 && isDoubtful(rejection));
    if (last && !http2) { // RFC 9113 section 8.2.2
      response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    Buffer body = body(exchange, rejection, answer, response.headers());
    Future<Void> ended =
        request.method().equals(HttpMethod.HEAD) ? response.end() : response.end(body);
    if (last) {
      closeConnectionAfter(ended, request);
    }
  }

  /**
   * Ends the connection of a request whose body was not read to its end, or which may not end where
   * it seems to, once its answer was written. Nothing more is read from it: what follows could be
   * the rest of this request for some, and the next one for others.
   */
  public void closeConnectionAfter(Future<Void> written, HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      written.onComplete(_ -> request.response().reset());
    } else {
      StrictRequestDecoder.stop(((ConnectionBase) request.connection()).channel());
      written.onComplete(_ -> request.connection().close());
    }
  }

  /** Whether a message is such that nobody should rely on where it ends. */
  private static boolean isDoubtful(Rejection rejection) {
    return rejection instanceof Rejection.BadRequest
        || rejection instanceof Rejection.MethodNotAllowed
        || rejection instanceof Rejection.CodingNotImplemented
        || rejection instanceof Rejection.ExpectationFailed
        || rejection instanceof Rejection.TooManyHeaders;
  }

  /**
   * Ends the connection of an HTTP/1 client that takes nothing of its response. A close in order
   * would wait for it to.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // There is nothing left to do.
  public void cutOff(HttpServerRequest request) {
    if (request.connection() instanceof HttpServerConnection connection
        && request.version() != HttpVersion.HTTP_2) {
      connection.channelHandlerContext().close();
    }
  }

  /** The status and the last part of the type; a new rejection does not compile without them. */
  public static Answer answerTo(Rejection rejection) {
    return switch (rejection) {
      case Rejection.BadRequest _ -> new Answer(400, "bad-request", "Bad request");
      case Rejection.MethodNotAllowed _ ->
          new Answer(405, "method-not-allowed", "Method not allowed");
      case Rejection.CodingNotImplemented _ ->
          new Answer(501, "transfer-coding-not-implemented", "Transfer coding not implemented");
      case Rejection.ExpectationFailed _ ->
          new Answer(417, "expectation-failed", "Expectation failed");
      case Rejection.TooManyHeaders _ -> new Answer(431, "too-many-headers", "Too many headers");
      case Rejection.BodyTooLarge _ -> new Answer(413, "body-too-large", "Body too large");
      case Rejection.RequestTimedOut _ -> new Answer(408, "request-timeout", "Request timeout");
      case Rejection.UnknownHost _ -> new Answer(404, "unknown-host", "Unknown host");
      case Rejection.ConflictingTenants _ ->
          new Answer(400, "conflicting-tenants", "Conflicting tenants");
      case Rejection.TenantPending _ -> new Answer(503, "tenant-pending", "Tenant pending");
      case Rejection.TenantSuspended _ -> new Answer(403, "tenant-suspended", "Tenant suspended");
      case Rejection.TenantArchived _ -> new Answer(410, "tenant-archived", "Tenant archived");
      case Rejection.AddressNotAllowed _ ->
          new Answer(403, "address-not-allowed", "Address not allowed");
      // RFC 9110 section 15.5.20.
      case Rejection.OutsideRegion _ -> new Answer(421, "outside-region", "Outside of the region");
      // RFC 5842 section 7.2.
      case Rejection.LoopDetected _ -> new Answer(508, "loop-detected", "Loop detected");
      case Rejection.RegionUnavailable _ ->
          new Answer(503, "region-unavailable", "Region unavailable");
      case Rejection.Unauthenticated _ -> new Answer(401, "unauthenticated", "Unauthenticated");
      // RFC 9110 section 15.5.20; clients of HTTP/2 then open a connection for this host alone.
      case Rejection.Misdirected _ -> new Answer(421, "misdirected", "Misdirected request");
      case Rejection.Forbidden _ -> new Answer(403, "forbidden", "Forbidden");
      case Rejection.IdentityProviderUnavailable _ ->
          new Answer(503, "identity-provider-unavailable", "Identity provider unavailable");
      case Rejection.SessionsUnavailable _ ->
          new Answer(503, "sessions-unavailable", "Sessions unavailable");
      case Rejection.CrossSite _ -> new Answer(403, "cross-site", "Cross-site request");
      case Rejection.LoginFailed failed ->
          new Answer(failed.status(), "login-failed", "Login failed");
      case Rejection.DecidedAgainst against when against.status() == 401 ->
          new Answer(401, "unauthenticated", "Unauthenticated");
      case Rejection.DecidedAgainst _ -> new Answer(403, "forbidden", "Forbidden");
      case Rejection.SourceBlocked _ -> new Answer(429, "source-blocked", "Source blocked");
      case Rejection.EgressBudget _ -> new Answer(429, EGRESS_BUDGET, "Egress budget");
      case Rejection.RateLimited _ -> new Answer(429, "rate-limited", "Rate limited");
      case Rejection.MonthlyQuotaUsedUp _ ->
          new Answer(429, "monthly-quota-used-up", "Monthly quota used up");
      case Rejection.TooManyConcurrentRequests _ ->
          new Answer(429, "too-many-concurrent-requests", "Too many concurrent requests");
      case Rejection.NoRoute _ -> new Answer(404, "no-route", "No route");
      case Rejection.MethodNotRouted _ ->
          new Answer(405, "method-not-allowed", "Method not allowed");
      case Rejection.Redirected redirected ->
          new Answer(redirected.status(), "redirected", "Redirected");
      case Rejection.ChallengeAnswered _ ->
          new Answer(200, "challenge-answered", "Challenge answered");
      case Rejection.UnknownApiVersion _ ->
          new Answer(400, "unknown-api-version", "Unknown API version");
      case Rejection.NoSigningKey _ -> new Answer(503, "not-ready", "Not ready");
      case Rejection.NoDatabase _ ->
          new Answer(503, "tenant-not-placed", "The tenant's data have no place yet");
      case Rejection.Overloaded _ -> new Answer(503, "overloaded", "Overloaded");
      case Rejection.CircuitOpen _ -> new Answer(503, "circuit-open", "Circuit open");
      case Rejection.ForeignResponse _ -> new Answer(502, FOREIGN_RESPONSE, "Foreign response");
      case Rejection.UpstreamFailed _ -> new Answer(502, "upstream-failed", "Upstream failed");
      case Rejection.UpstreamTimedOut _ ->
          new Answer(504, "upstream-timed-out", "Upstream timed out");
      case Rejection.Internal _ -> new Answer(500, "internal", "Internal fault");
    };
  }

  private static void writeHeaders(Rejection rejection, Answer answer, MultiMap headers) {
    String cacheControl =
        rejection instanceof Rejection.Redirected redirected
            ? redirected.cacheControl()
            : "no-store";
    if (!cacheControl.isEmpty()) {
      headers.set(HttpHeaders.CACHE_CONTROL, cacheControl);
    }
    switch (rejection) {
      case Rejection.Unauthenticated refused ->
          headers.set(WWW_AUTHENTICATE, refused.tokenFault().isEmpty() ? CHALLENGE : INVALID_TOKEN);
      case Rejection.Forbidden forbidden when !forbidden.neededScopes().isEmpty() ->
          headers.set(
              WWW_AUTHENTICATE,
              CHALLENGE
                  + ", error=\"insufficient_scope\", scope=\""
                  + forbidden.neededScopes()
                  + "\"");
      case Rejection.DecidedAgainst against when against.status() == 401 ->
          headers.set(WWW_AUTHENTICATE, against.challenge().orElse(CHALLENGE));
      case Rejection.SourceBlocked blocked ->
          headers.set(RateLimitHeaders.RETRY_AFTER, Long.toString(blocked.retryAfterSeconds()));
      case Rejection.EgressBudget budget ->
          headers.set(RateLimitHeaders.RETRY_AFTER, Long.toString(budget.retryAfterSeconds()));
      case Rejection.RateLimited limited -> {
        RateLimitState state = limited.state();
        headers.set(RateLimitHeaders.POLICY, RateLimitHeaders.policy(state));
        headers.set(RateLimitHeaders.LIMIT, RateLimitHeaders.limit(state));
        headers.set(RateLimitHeaders.RETRY_AFTER, RateLimitHeaders.retryAfter(state));
      }
      case Rejection.MonthlyQuotaUsedUp used ->
          headers.set(RateLimitHeaders.RETRY_AFTER, Long.toString(used.retryAfterSeconds()));
      case Rejection.MethodNotRouted notRouted -> headers.set(HttpHeaders.ALLOW, notRouted.allow());
      case Rejection.Redirected redirected ->
          headers.set(HttpHeaders.LOCATION, redirected.location());
      case Rejection.TooManyConcurrentRequests _ -> headers.set(RateLimitHeaders.RETRY_AFTER, "1");
      case Rejection.CircuitOpen open -> {
        headers.set(PROXY_STATUS, "gatehouse; error=destination_unavailable");
        headers.set(RateLimitHeaders.RETRY_AFTER, Integer.toString(open.retryAfterSeconds()));
      }
      case Rejection.UpstreamFailed failed ->
          headers.set(PROXY_STATUS, "gatehouse; error=" + failed.proxyStatus());
      case Rejection.UpstreamTimedOut timedOut ->
          headers.set(PROXY_STATUS, "gatehouse; error=" + timedOut.proxyStatus());
      default -> {
        if (answer.status == 503) {
          headers.set(RateLimitHeaders.RETRY_AFTER, "1");
        }
      }
    }
  }

  private static Buffer body(
      Exchange exchange, Rejection rejection, Answer answer, MultiMap headers) {
    if (rejection instanceof Rejection.ChallengeAnswered answered) {
      headers.set(HttpHeaders.CONTENT_TYPE, "text/plain");
      return Buffer.buffer(answered.answer());
    }
    String requestId = exchange.traceParent().traceId();
    String accept = exchange.request().headers().get(HttpHeaders.ACCEPT);
    if (accept != null && accept.contains("text/html")) {
      headers.set(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8");
      // At the account host, this leads to the tenants that the user may enter.
      String next =
          rejection instanceof Rejection.LoginFailed ? "<p><a href=\"/\">Try again</a></p>" : "";
      return RefusalPage.render(answer.title, rejection.detail(), next, requestId);
    }
    headers.set(HttpHeaders.CONTENT_TYPE, "application/problem+json");
    JsonObject problem =
        JsonObject.of(
            "type",
            answer.type(),
            "title",
            answer.title,
            "status",
            answer.status,
            "detail",
            rejection.detail(),
            "requestId",
            requestId);
    if (rejection instanceof Rejection.OutsideRegion outside) {
      problem.put("region", outside.region().value());
      outside.gateway().ifPresent(url -> problem.put("gateway", url.toString()));
    }
    return problem.toBuffer();
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    MultiMap headers = request.headers();
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return headers.contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"))
        || request.version() == HttpVersion.HTTP_2;
  }

  /**
   * How a rejection is answered.
   *
   * @param status the status code
   * @param problem the last part of the type
   * @param title what it is called
   */
  public record Answer(int status, String problem, String title) {
    /** The problem's type (RFC 9457 section 3.1.1). */
    public String type() {
      return TYPES + problem;
    }
  }
}
