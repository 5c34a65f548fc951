package dev.gatehouse.controlplane.api;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The rates of the API itself: of one address, of one caller, and of tokens that open nothing.
 * Shared by all verticles of the process; what it remembers is bounded. Any thread.
 */
public final class RateLimits {
  /** What one household or machine has of IPv6. */
  private static final int IPV6_PREFIX_BYTES = 8;

  private final RateLimit ofAddress;
  private final RateLimit ofCaller;
  private final RateLimit ofWrongTokens;

  public RateLimits(RateLimitConfig config) {
    this(config, TimeMeter.SYSTEM_NANOTIME);
  }

  RateLimits(RateLimitConfig config, TimeMeter clock) {
    this.ofAddress =
        new RateLimit(
            "address",
            config.addressBurst(),
            windowOf(config.addressBurst(), config.addressPerSecond()),
            clock);
    this.ofCaller =
        new RateLimit(
            "caller",
            config.callerBurst(),
            windowOf(config.callerBurst(), config.callerPerSecond()),
            clock);
    this.ofWrongTokens =
        new RateLimit("wrong-tokens", config.wrongTokensPerMinute(), Duration.ofMinutes(1), clock);
  }

  /**
   * Takes one request of the address; a handler for all requests that come to the API.
   *
   * @throws ProblemException {@code RATE_LIMITED}
   */
  public void take(RoutingContext context) {
    RateLimit.State _ = ofAddress.take(addressOf(context));
    context.next();
  }

  /**
   * Finds out who calls, unless the address has shown too many tokens that open nothing.
   *
   * @throws ProblemException {@code RATE_LIMITED}, or as the authenticator does
   */
  public Caller authenticate(RoutingContext context, Authenticator authenticator) {
    return authenticate(
        context,
        Optional.ofNullable(context.request().getHeader(HttpHeaders.AUTHORIZATION)),
        authenticator);
  }

  /**
   * The same where it is shown elsewhere.
   *
   * @param authorization as the header of that name would have it
   * @throws ProblemException {@code RATE_LIMITED}, or as the authenticator does
   */
  public Caller authenticate(
      RoutingContext context, Optional<String> authorization, Authenticator authenticator) {
    String address = addressOf(context);
    if (authorization.isPresent()) {
      ofWrongTokens.require(address);
    }
    try {
      return authenticator.authenticate(authorization);
    } catch (ProblemException refusal) {
      if (authorization.isPresent() && refusal.problem() == Problem.UNAUTHENTICATED) {
        RateLimit.State _ = ofWrongTokens.take(address);
      }
      throw refusal;
    }
  }

  /**
   * Takes one request of the caller, and says in the answer how many are left.
   *
   * @throws ProblemException {@code RATE_LIMITED}
   */
  void take(RoutingContext context, Caller caller) {
    RateLimit.State state = take(caller);
    HttpServerResponse response = context.response();
    response.putHeader(RateLimit.State.POLICY_HEADER, state.policy());
    response.putHeader(RateLimit.State.LEFT_HEADER, state.left());
  }

  /**
   * Takes one request of the caller.
   *
   * @throws ProblemException {@code RATE_LIMITED}
   */
  RateLimit.State take(Caller caller) {
    return ofCaller.take(caller.user().map(Object::toString).orElse(caller.tokenId()));
  }

  private static Duration windowOf(int burst, int perSecond) {
    return Duration.ofNanos(Duration.ofSeconds(burst).toNanos() / perSecond);
  }

  private static String addressOf(RoutingContext context) {
    return keyOf(ClientAddresses.of(context));
  }

  /** An IPv4 address, or the network of an IPv6 one. */
  static String keyOf(String address) {
    byte[] bytes = InetAddress.ofLiteral(address.split("%", 2)[0]).getAddress();
    return HexFormat.of()
        .formatHex(bytes, 0, bytes.length == 16 ? IPV6_PREFIX_BYTES : bytes.length);
  }
}
