package dev.gatehouse.gateway.authenticate.jwt;

import dev.gatehouse.egress.EgressClient;
import dev.gatehouse.egress.EgressPolicy;
import dev.gatehouse.gateway.authenticate.AuthenticateConfig;
import dev.gatehouse.gateway.upstream.NameResolver;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
  static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_AT_ONCE = 64;
  private static final Duration DEFAULT_FRESH = Duration.ofMinutes(10);
  private static final Duration LEAST_FRESH = Duration.ofMinutes(1);
  private static final Duration MOST_FRESH = Duration.ofDays(1);
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);
  private static final Logger LOG = LoggerFactory.getLogger(JwksFetcher.class);

  private final Vertx background;
  private final NameResolver names;
  private final EgressPolicy policy;
  private final EgressClient http;
  private final long timeoutMillis;
  private final AtomicInteger underWay = new AtomicInteger();

  JwksFetcher(Vertx background, NameResolver names, AuthenticateConfig config) {
    this.background = background;
    this.names = names;
    this.policy = config.egressPolicy();
    this.timeoutMillis = config.fetchTimeout().toMillis();
    this.http = new EgressClient(background, policy, "gatehouse-gateway", config.fetchTimeout());
  }

  /** It is the gateway that has too much to do, and not the issuer. */
  static final class BusyException extends RuntimeException {
    private BusyException() {
      super("as many fetches are under way as there may be", null, false, false);
    }
  }

  /** Fails with a reason in words; at the time-out at last, which is for the name, too. */
  Future<RemoteKeys.Fetched> fetch(URI url) {
    if (underWay.incrementAndGet() > MAX_AT_ONCE) {
      underWay.decrementAndGet();
      return Future.failedFuture(new BusyException());
    }
    Promise<RemoteKeys.Fetched> fetched = Promise.promise();
    background.runOnContext(_ ->
        Future.succeededFuture()
            .compose(_ -> begin(url))
            .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
            .onComplete(fetched));
    return fetched
        .future()
        .onComplete((_, failure) -> {
          underWay.decrementAndGet();
          if (failure != null) {
            LOG.warn("keys of an identity provider: {}: {}", url, failure.getMessage());
          }
        });
  }

  private Future<RemoteKeys.Fetched> begin(URI url) {
    return addressesOf(url.getHost())
        .compose(addresses -> http.get(allowed(url, addresses), url, MAX_BYTES))
        .map(JwksFetcher::read);
  }

  private Future<List<String>> addressesOf(String host) {
    Promise<List<String>> found = Promise.promise();
    names
        .addressesOf(host)
        .onComplete((addresses, failure) ->
            background.runOnContext(_ -> found.complete(addresses, failure)));
    return found.future();
  }

  /** The address that is checked here is the one that is connected to, whatever DNS says next. */
  private InetAddress allowed(URI url, List<String> addresses) {
    boolean tls = "https".equals(url.getScheme());
    return addresses.stream()
        .map(InetAddress::ofLiteral)
        .filter(address -> tls ? policy.allows(address) : policy.allowsExpressly(address))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                tls
                    ? "the host has no address of the public Internet"
                    : "http is for ranges that the operator allows; use https"));
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
