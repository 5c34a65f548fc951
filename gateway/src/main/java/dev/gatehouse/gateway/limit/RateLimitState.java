package dev.gatehouse.gateway.limit;

import java.time.Duration;

/**
 * What a tenant may still do, for the client to be told.
 *
 * @param limit requests that may come at once: the size of the bucket
 * @param remaining requests that would be admitted now, by what this gateway knows
 * @param window how long an empty bucket takes to fill
 * @param retryAfter how long until the next request would be admitted; zero if one would be now
 */
public record RateLimitState(long limit, long remaining, Duration window, Duration retryAfter) {}
