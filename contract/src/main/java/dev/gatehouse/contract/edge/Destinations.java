package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Services among which the requests of a route are split, as for a canary.
 *
 * @param splitBy what stays together; the tenant if absent
 * @param services at least one
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Destinations(Optional<SplitBy> splitBy, List<Destination> services) {
  /**
   * @throws IllegalArgumentException if there is none, or all weights are 0
   */
  public Destinations {
    services = List.copyOf(services);
    if (services.stream().mapToInt(Destination::weight).sum() == 0) {
      throw new IllegalArgumentException("destinations must have at least one weight above 0");
    }
  }

  Stream<String> serviceNames() {
    return services.stream().map(Destination::service);
  }

  /**
   * One of them.
   *
   * @param service name of the {@link EdgeService}
   * @param weight its share beside the others', 0 to 1000; 0 for the named tenants alone
   * @param tenants who always go there; nobody if absent
   * @param blueprint tenants whose tables have such a version always go there, too
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Destination(
      String service, int weight, Optional<Set<UUID>> tenants, Optional<BlueprintRange> blueprint) {
    /**
     * @throws IllegalArgumentException if the weight is out of its range
     */
    public Destination {
      Range.check("weight", weight, 0, 1000);
      tenants = tenants.map(Set::copyOf);
    }

    /** One that does not look at tables. */
    public Destination(String service, int weight, Optional<Set<UUID>> tenants) {
      this(service, weight, tenants, Optional.empty());
    }
  }

  /**
   * Versions of an application's tables.
   *
   * @param name of the blueprint
   * @param from the lowest version; any if absent
   * @param below lower versions than this one; any if absent
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record BlueprintRange(String name, OptionalInt from, OptionalInt below) {
    /**
     * @throws IllegalArgumentException if it says neither from where nor up to where
     */
    public BlueprintRange {
      if (from.isEmpty() && below.isEmpty()) {
        throw new IllegalArgumentException("blueprint must have from, below or both");
      }
    }

    /** Whether a version is one of these. */
    public boolean holds(int version) {
      return version >= from.orElse(0) && version < below.orElse(Integer.MAX_VALUE);
    }
  }

  /** What stays together. */
  public enum SplitBy implements WireName {
    /** All requests of a tenant go one way. */
    TENANT,
    /** All requests of a caller go one way. */
    PRINCIPAL,
    /** Each request goes its own way. */
    REQUEST;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such name
     */
    @JsonCreator
    public static SplitBy fromWireName(String name) {
      return WireName.parse("splitBy", values(), name);
    }
  }
}
