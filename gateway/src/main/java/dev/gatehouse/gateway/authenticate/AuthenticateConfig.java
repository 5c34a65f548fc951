package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.egress.EgressPolicy;
import dev.gatehouse.gateway.bounds.Bound;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How callers' tokens are verified.
 *
 * @param cachedTokensPerTenant how many verified tokens of a tenant are remembered; some 400 bytes
 *     each, and as many chains of client certificates (default 1000)
 * @param refreshInterval how long after an identity provider's keys were fetched they are fetched
 *     again because a token names another one (default 30 s)
 * @param fetchTimeout how long a fetch of keys may take; requests wait for it (default 3 s)
 * @param allowedRanges ranges of addresses in which identity providers may be although they are not
 *     of the public Internet, such as {@code 10.1.0.0/16} (default: none)
 * @param accountHost where users log in once for all tenants that they are members of: a host of a
 *     tenant of the operator's own (default: none)
 * @param recheckSessions how often it is asked whether the sessions still hold by which WebSockets
 *     and streams are open (default 30 s)
 */
public record AuthenticateConfig(
    @Bound(
            unit = "tokens",
            atIt =
                "one more verified token of a tenant, or chain of client certificates, pushes the oldest out, which is verified anew when it comes again",
            metric = "gatehouse_tokens_total{outcome=\"verified\"}")
        int cachedTokensPerTenant,
    @Bound(
            atIt =
                "a token that names a key which is not known is refused until an identity provider's keys are so old",
            metric = "gatehouse_tokens_total{outcome=\"unknown-key\"}")
        Duration refreshInterval,
    @Bound(
            atIt = "requests that wait for keys which take longer are answered 503",
            metric = "gatehouse_tokens_total{outcome=\"keys-unavailable\"}")
        Duration fetchTimeout,
    List<String> allowedRanges,
    Optional<Hostname> accountHost,
    @Bound(
            atIt =
                "so long may a WebSocket or stream outlive its session where the gateway did not hear of its end",
            metric = "gatehouse_session_rechecks_total{outcome=\"ended\"}")
        Duration recheckSessions) {
  private static final Duration RECHECK_SESSIONS = Duration.ofSeconds(30);

  /** The defaults. */
  public static final AuthenticateConfig DEFAULT =
      new AuthenticateConfig(
          1000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(3),
          List.of(),
          Optional.empty(),
          RECHECK_SESSIONS);

  private static final int MOST_CACHED = 1_000_000;

  /**
   * @throws IllegalArgumentException if a value is out of its range, or a range is none
   */
  public AuthenticateConfig {
    if (cachedTokensPerTenant < 0 || cachedTokensPerTenant > MOST_CACHED) {
      throw new IllegalArgumentException(
          "cachedTokensPerTenant must be between 0 and "
              + MOST_CACHED
              + ", found "
              + cachedTokensPerTenant);
    }
    check("refreshInterval", refreshInterval, Duration.ofSeconds(1), Duration.ofHours(1));
    check("fetchTimeout", fetchTimeout, Duration.ofMillis(100), Duration.ofSeconds(30));
    check("recheckSessions", recheckSessions, Duration.ofSeconds(1), Duration.ofMinutes(10));
    allowedRanges = List.copyOf(allowedRanges);
    allowedRanges.forEach(AddressRange::parse);
  }

  /** Where keys may be fetched. */
  public EgressPolicy egressPolicy() {
    return new EgressPolicy(allowedRanges.stream().map(AddressRange::parse).toList());
  }

  /** Without an account host, and sessions asked for again as often as by default. */
  public AuthenticateConfig(
      int cachedTokensPerTenant,
      Duration refreshInterval,
      Duration fetchTimeout,
      List<String> allowedRanges) {
    this(
        cachedTokensPerTenant,
        refreshInterval,
        fetchTimeout,
        allowedRanges,
        Optional.empty(),
        RECHECK_SESSIONS);
  }

  private static void check(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ", found " + value);
    }
  }
}
