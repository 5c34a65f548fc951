package dev.gatehouse.gateway.limit;

import java.time.Duration;

/**
 * The syntax of the response fields that tell a client its limit: {@code RateLimit-Policy} and
 * {@code RateLimit} as in draft-ietf-httpapi-ratelimit-headers-10 (structured field lists, RFC
 * 9651) and {@code Retry-After} (RFC 9110 section 10.2.3). The draft still moves; nothing else in
 * the gateway knows its syntax.
 */
public final class RateLimitHeaders {
  /** Field name of {@link #policy}. */
  public static final String POLICY = "RateLimit-Policy";

  /** Field name of {@link #limit}. */
  public static final String LIMIT = "RateLimit";

  /** Field name of {@link #retryAfter}. */
  public static final String RETRY_AFTER = "Retry-After";

  private static final String POLICY_NAME = "\"tenant\"";

  private RateLimitHeaders() {}

  /** The quota and its window in seconds, such as {@code "tenant";q=100;w=10}. */
  public static String policy(RateLimitState state) {
    return POLICY_NAME + ";q=" + state.limit() + ";w=" + atLeastOneSecond(state.window());
  }

  /**
   * What remains and, in seconds, when there will be more, such as {@code "tenant";r=0;t=1}. The
   * time is left out while a request would be admitted.
   */
  public static String limit(RateLimitState state) {
    String remaining = POLICY_NAME + ";r=" + state.remaining();
    return state.retryAfter().isZero()
        ? remaining
        : remaining + ";t=" + atLeastOneSecond(state.retryAfter());
  }

  /** Whole seconds to wait before the next request, rounded up, at least 1. */
  public static String retryAfter(RateLimitState state) {
    return Long.toString(atLeastOneSecond(state.retryAfter()));
  }

  private static long atLeastOneSecond(Duration duration) {
    long roundedUp = duration.getSeconds() + (duration.getNano() > 0 ? 1 : 0);
    return Math.max(1, roundedUp);
  }
}
