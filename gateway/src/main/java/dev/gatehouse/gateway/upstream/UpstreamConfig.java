package dev.gatehouse.gateway.upstream;

import dev.gatehouse.gateway.bounds.Bound;
import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How endpoints are found and watched.
 *
 * @param zone where this gateway stands; endpoints of the same zone are preferred (default: no
 *     preference)
 * @param dns how names are resolved
 * @param trust PEM file with the authorities whose certificates endpoints may have (default: those
 *     that the JDK trusts)
 * @param maxHealthChecks health checks under way at once, over all services; more wait (default 64)
 * @param maxSilos sets of endpoints of single tenants that are kept at once; requests that need one
 *     more are refused (default 10000)
 * @param siloIdle how long such a set is kept, and its health checked, without a request (default
 *     10 min)
 */
public record UpstreamConfig(
    Optional<String> zone,
    DnsConfig dns,
    Optional<Path> trust,
    @Bound(
            unit = "checks",
            atIt = "one more health check waits",
            metric = "gatehouse_upstream_health_checks_total")
        int maxHealthChecks,
    @Bound(
            unit = "sets",
            atIt = "a request that needs the endpoints of one more single tenant is answered 502",
            metric = "gatehouse_upstream_silos")
        int maxSilos,
    @Bound(
            atIt =
                "endpoints of a single tenant are forgotten, and their health not checked, without a request for so long",
            metric = "gatehouse_upstream_silos")
        Duration siloIdle) {
  /** The defaults. */
  public static final UpstreamConfig DEFAULT =
      new UpstreamConfig(
          Optional.empty(),
          DnsConfig.DEFAULT,
          Optional.empty(),
          64,
          10_000,
          Duration.ofMinutes(10));

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public UpstreamConfig {
    requirePositive("maxHealthChecks", maxHealthChecks);
    requirePositive("maxSilos", maxSilos);
    DnsConfig.requirePositive("siloIdle", siloIdle);
  }

  /**
   * How names are resolved.
   *
   * @param server address and port of the DNS server, such as {@code 10.0.0.2:53} (default: those
   *     of the system)
   * @param timeout for the answer to one query (default 2 s)
   * @param minTtl an answer holds at least so long (default 1 s)
   * @param maxTtl an answer holds at most so long (default 5 min)
   */
  public record DnsConfig(
      Optional<String> server,
      @Bound(atIt = "a query that takes longer has failed: the addresses that are known are kept")
          Duration timeout,
      @Bound(atIt = "an answer that says less holds for so long") Duration minTtl,
      @Bound(atIt = "an answer that says more holds for so long") Duration maxTtl) {
    /** The defaults. */
    public static final DnsConfig DEFAULT =
        new DnsConfig(
            Optional.empty(), Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMinutes(5));

    /**
     * @throws IllegalArgumentException if the server is no address with a port, a time is not above
     *     zero, or {@code maxTtl} shorter than {@code minTtl}
     */
    public DnsConfig {
      server.ifPresent(DnsConfig::requireAddressAndPort);
      requirePositive("timeout", timeout);
      requirePositive("minTtl", minTtl);
      if (maxTtl.compareTo(minTtl) < 0) {
        throw new IllegalArgumentException(
            "maxTtl must be at least minTtl, " + minTtl + ", found " + maxTtl);
      }
    }

    private static void requireAddressAndPort(String server) {
      int colon = server.lastIndexOf(':');
      boolean valid =
          colon > 0
              && NetUtil.createInetAddressFromIpAddressString(server.substring(0, colon)) != null
              && server.substring(colon + 1).matches("[1-9][0-9]{0,4}")
              && Integer.parseInt(server.substring(colon + 1)) <= 65535;
      if (!valid) {
        throw new IllegalArgumentException(
            "server must be an IP address and a port, such as 10.0.0.2:53, found \""
                + server
                + "\"");
      }
    }

    /** Here, and not above: whichever class is loaded first, the defaults above need these. */
    private static void requirePositive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(name + " must be more than 0s, found " + value);
      }
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, found " + value);
    }
  }
}
