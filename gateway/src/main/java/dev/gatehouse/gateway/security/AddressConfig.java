package dev.gatehouse.gateway.security;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.client.AddressRules;
import java.util.List;

/**
 * From where requests may come, whichever tenant they are for. The tenants' own lists hold besides.
 *
 * @param allow ranges from which alone they may come, {@value #MAX_RANGES} at most (default: from
 *     anywhere)
 * @param deny ranges from which they may not, whatever {@code allow} says, as many at most (default
 *     none)
 */
public record AddressConfig(List<AddressRange> allow, List<AddressRange> deny) {
  /** From anywhere. */
  public static final AddressConfig DEFAULT = new AddressConfig(List.of(), List.of());

  /** How long each list may be. */
  @Bound(
      of = "ranges in each list of `security.addresses`",
      unit = "ranges",
      atIt = "the gateway does not start")
  private static final int MAX_RANGES = 10_000;

  /**
   * @throws IllegalArgumentException if there are too many ranges
   */
  public AddressConfig {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
    requireFew("allow", allow);
    requireFew("deny", deny);
  }

  /** Ready to be asked. */
  public AddressRules rules() {
    return AddressRules.of(allow, deny);
  }

  private static void requireFew(String name, List<AddressRange> ranges) {
    if (ranges.size() > MAX_RANGES) {
      throw new IllegalArgumentException(
          "%s must have at most %d ranges, found %d".formatted(name, MAX_RANGES, ranges.size()));
    }
  }
}
