package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.edge.Retries;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Set;

/**
 * When a request to a service may be sent again.
 *
 * @param attempts in all, the first one included
 * @param onStatus answers that are tried again
 * @param hedgeAfterMillis when a second attempt is made beside the first; 0 for never
 */
record RetryPolicy(int attempts, Set<Integer> onStatus, long hedgeAfterMillis) {
  private static final int DEFAULT_ATTEMPTS = 2;
  private static final Set<Integer> DEFAULT_STATUSES = Set.of(502, 503, 504);

  static RetryPolicy of(Retries retries) {
    return new RetryPolicy(
        retries.attempts().orElse(DEFAULT_ATTEMPTS),
        retries.onStatus().orElse(DEFAULT_STATUSES),
        retries.hedgeAfter().map(Duration::toMillis).orElse(0L));
  }

  /** Whether an answer with this status is tried again. */
  boolean isTriedAgain(int status) {
    return (status >= 500 || status == 429) && attempts > 1 && onStatus.contains(status);
  }

  /** Whether a request with this method may be sent again after an upstream has seen it. */
  boolean mayRepeat(HttpMethod method) {
    return attempts > 1 && isIdempotent(method);
  }

  /** Whether a second attempt is made beside the first. */
  boolean hedges() {
    return hedgeAfterMillis > 0;
  }

  /** Idempotent by RFC 9110 section 9.2.2: to ask twice does what to ask once does. */
  static boolean isIdempotent(HttpMethod method) {
    return method.equals(HttpMethod.GET)
        || method.equals(HttpMethod.HEAD)
        || method.equals(HttpMethod.PUT)
        || method.equals(HttpMethod.DELETE)
        || method.equals(HttpMethod.OPTIONS);
  }
}
