package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How one of a service's endpoints is chosen.
 *
 * @param policy by which rule
 * @param hashOn what {@link Policy#CONSISTENT_HASH} keeps together; the principal if absent
 * @param hashName name of the header or cookie, where {@code hashOn} is one
 * @param slowStart how long an endpoint that is new, or well again, takes to get its full share; at
 *     once if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Balancing(
    Policy policy,
    Optional<HashOn> hashOn,
    Optional<String> hashName,
    Optional<Duration> slowStart) {
  /** In turns, by weight. */
  public static final Balancing DEFAULT =
      new Balancing(Policy.ROUND_ROBIN, Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException if a header or cookie is meant and not named, or the slow
   *     start is longer than an hour
   */
  public Balancing {
    boolean named = hashOn.filter(on -> on == HashOn.HEADER || on == HashOn.COOKIE).isPresent();
    if (named && hashName.isEmpty()) {
      throw new IllegalArgumentException("hashName must say which header or cookie to hash on");
    }
    slowStart.ifPresent(time -> Range.check("slowStart", time, Duration.ZERO, Duration.ofHours(1)));
  }

  /** Rules of choice. */
  public enum Policy implements WireName {
    /** In turns, by weight. */
    ROUND_ROBIN,
    /** The less busy of two that are picked by chance, by weight. */
    LEAST_REQUESTS,
    /** The same one for the same key, as long as it is there. */
    CONSISTENT_HASH;

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
    public static Policy fromWireName(String name) {
      return WireName.parse("policy", values(), name);
    }
  }

  /** What a key is taken from. */
  public enum HashOn implements WireName {
    /** Tenant and caller. */
    PRINCIPAL,
    /** The tenant. */
    TENANT,
    /** The value of a request header. */
    HEADER,
    /** The value of a cookie. */
    COOKIE;

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
    public static HashOn fromWireName(String name) {
      return WireName.parse("hashOn", values(), name);
    }
  }
}
