package dev.gatehouse.gateway.authenticate.jwt;

import dev.gatehouse.egress.EgressClient;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.bounds.Bound;
import io.vertx.core.Future;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets JWKS documents from where tenants say that they are, which must be no place inside of the
 * platform's network. Lives beside the requests. At most {@value #MAX_AT_ONCE} at once.
 */
final class JwksFetcher {
  @Bound(
      of = "an identity provider's keys",
      unit = "bytes",
      atIt = "counts as no answer: the keys that are known are kept",
      metric = "gatehouse_tokens_total{outcome=\"keys-unavailable\"}")
  static final int MAX_BYTES = 64 * 1024;

  @Bound(
      of = "fetches of keys at once",
      unit = "fetches",
      atIt = "the fetch is tried again with the next token",
      metric = "gatehouse_tokens_total{outcome=\"keys-unavailable\"}")
  private static final int MAX_AT_ONCE = 64;

  private static final Duration DEFAULT_FRESH = Duration.ofMinutes(10);
  private static final Duration LEAST_FRESH = Duration.ofMinutes(1);
  private static final Duration MOST_FRESH = Duration.ofDays(1);
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);
  private static final Logger LOG = LoggerFactory.getLogger(JwksFetcher.class);

  private final ProviderCalls calls;
  private final Duration timeout;
  private final AtomicInteger underWay = new AtomicInteger();

  JwksFetcher(ProviderCalls calls, Duration timeout) {
    this.calls = calls;
    this.timeout = timeout;
  }

  /** Fails with a reason in words, or with a {@link ProviderCalls.BusyException}. */
  Future<RemoteKeys.Fetched> fetch(URI url) {
    if (underWay.incrementAndGet() > MAX_AT_ONCE) {
      underWay.decrementAndGet();
      return Future.failedFuture(ProviderCalls.busy());
    }
    return calls
        .get(url, MAX_BYTES, timeout)
        .map(JwksFetcher::read)
        .onComplete((_, failure) -> {
          underWay.decrementAndGet();
          if (failure != null) {
            LOG.warn("keys of an identity provider at {}: {}", url, reasonOf(failure));
          }
        });
  }

  private static String reasonOf(Throwable failure) {
    Throwable cause = failure.getCause();
    String reason = String.valueOf(failure.getMessage());
    return cause == null ? reason : reason + ": " + cause.getMessage();
  }

  private static RemoteKeys.Fetched read(EgressClient.Fetched fetched) {
    if (fetched.status() != 200) {
      throw new IllegalArgumentException("answered " + fetched.status() + ", expected 200");
    }
    try {
      return new RemoteKeys.Fetched(KeySet.parse(fetched.body()), freshFor(fetched));
    } catch (ParseException e) {
      throw new IllegalArgumentException(
          "no JWKS of at most " + MAX_BYTES + " bytes: " + e.getMessage(), e);
    }
  }

  /** By Cache-Control (RFC 9111 section 5.2.2.1), within bounds. */
  private static Duration freshFor(EgressClient.Fetched fetched) {
    Optional<Duration> said =
        fetched.headers().getAll("Cache-Control").stream()
            .map(MAX_AGE::matcher)
            .filter(Matcher::find)
            .map(age -> Duration.ofSeconds(Long.parseLong(age.group(1))))
            .findFirst();
    Duration wanted = said.orElse(DEFAULT_FRESH);
    return wanted.compareTo(LEAST_FRESH) < 0
        ? LEAST_FRESH
        : wanted.compareTo(MOST_FRESH) > 0 ? MOST_FRESH : wanted;
  }
}
