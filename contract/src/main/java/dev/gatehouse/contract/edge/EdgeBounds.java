package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Region;
import java.util.List;
import java.util.Optional;

/**
 * From where a tenant may be reached, and where its requests may go.
 *
 * @param region where alone they may go; anywhere if absent
 * @param allow from where its requests may come, {@value #MAX_RANGES} ranges at most; from anywhere
 *     if absent
 * @param deny from where they may not come, whatever {@code allow} says, as many at most
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeBounds(
    Optional<Region> region,
    Optional<List<AddressRange>> allow,
    Optional<List<AddressRange>> deny) {
  /** How long each list may be. */
  public static final int MAX_RANGES = 256;

  /**
   * @throws IllegalArgumentException if there are too many ranges, or {@code allow} is there and
   *     empty, which could be read as nobody or as everybody
   */
  public EdgeBounds {
    allow = allow.map(List::copyOf);
    deny = deny.map(List::copyOf);
    allow.ifPresent(
        ranges -> Range.check("number of ranges to allow", ranges.size(), 1, MAX_RANGES));
    deny.ifPresent(ranges -> Range.check("number of ranges to deny", ranges.size(), 1, MAX_RANGES));
  }

  /** Bound to a region alone. */
  public static EdgeBounds to(Region region) {
    return new EdgeBounds(Optional.of(region), Optional.empty(), Optional.empty());
  }
}
