package dev.gatehouse.gateway.security;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.connect.SourceAddress;
import java.time.Duration;
import java.util.List;

/**
 * What becomes of a source (an IPv4 address, or the first 64 bits of an IPv6 one) that tries many
 * hosts or credentials.
 *
 * @param window how long what it tried is remembered (default 1 min)
 * @param slowFrom so many different hosts and credentials, all refused, and its refusals come late
 *     (default 20)
 * @param slowBy how late (default 1 s)
 * @param blockFrom so many, and nothing that it sends is looked at (default 60)
 * @param blockFromRefusals the same for refusals of whatever was tried, again and again (default
 *     6000)
 * @param blockFor for how long (default 5 min)
 * @param maxSources that are remembered at once; others are let be (default 10000)
 * @param exempt sources that are let be (default: private and loopback ranges, which are one's own
 *     proxies and networks)
 */
public record ProbingConfig(
    @Bound(atIt = "what a source tried before is forgotten") Duration window,
    @Bound(
            unit = "hosts and credentials",
            atIt = "refusals of the source come late",
            metric = "gatehouse_probing_slowed_total")
        int slowFrom,
    @Bound(atIt = "so late", metric = "gatehouse_probing_slowed_total") Duration slowBy,
    @Bound(
            unit = "hosts and credentials",
            atIt = "the source is blocked: 429",
            metric = "gatehouse_probing_blocks_total")
        int blockFrom,
    @Bound(
            unit = "refusals",
            atIt = "the source is blocked: 429",
            metric = "gatehouse_probing_blocks_total")
        int blockFromRefusals,
    @Bound(atIt = "so long it is blocked", metric = "gatehouse_probing_blocked") Duration blockFor,
    @Bound(
            unit = "sources",
            atIt = "one more source is let be",
            metric = "gatehouse_probing_untracked_total")
        int maxSources,
    List<AddressRange> exempt) {
  /** The defaults. */
  public static final ProbingConfig DEFAULT =
      new ProbingConfig(
          Duration.ofMinutes(1),
          20,
          Duration.ofSeconds(1),
          60,
          6000,
          Duration.ofMinutes(5),
          10_000,
          SourceAddress.PRIVATE_RANGES);

  /** What is remembered of a source takes this many bits; more could not be told apart. */
  private static final int MOST_DIFFERENT = ProbingSource.BITS / 2;

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public ProbingConfig {
    requireBetween("window", window, Duration.ofSeconds(1), Duration.ofHours(1));
    requireBetween("slowBy", slowBy, Duration.ofMillis(1), Duration.ofSeconds(10));
    requireBetween("blockFor", blockFor, Duration.ofSeconds(1), Duration.ofDays(1));
    SecurityConfig.requireInRange("slowFrom", slowFrom, 1, MOST_DIFFERENT);
    SecurityConfig.requireInRange("blockFrom", blockFrom, slowFrom, MOST_DIFFERENT);
    SecurityConfig.requireInRange("blockFromRefusals", blockFromRefusals, blockFrom, 1_000_000_000);
    SecurityConfig.requireInRange("maxSources", maxSources, 1, 1_000_000);
    exempt = List.copyOf(exempt);
  }

  private static void requireBetween(String name, Duration found, Duration least, Duration most) {
    if (found.compareTo(least) < 0 || found.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be from %s to %s, found %s".formatted(name, least, most, found));
    }
  }
}
