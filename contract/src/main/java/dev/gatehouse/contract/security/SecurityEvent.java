package dev.gatehouse.contract.security;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Something that a gateway refused, did not believe or found unusual, in a window of time.
 *
 * @param kind what it was
 * @param tenant at whose host, where that is known
 * @param address the client's, as far as it can be trusted; empty where it is not known
 * @param from begin of the window
 * @param to end of the window
 * @param count how often it happened
 * @param egress what left in responses, where the event is about that
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record SecurityEvent(
    Kind kind,
    Optional<UUID> tenant,
    String address,
    Instant from,
    Instant to,
    long count,
    Optional<EgressTaken> egress) {
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.%A-Za-z-]{0,64}");

  /**
   * @throws IllegalArgumentException if the address is none, the window is empty or nothing
   *     happened
   */
  public SecurityEvent {
    if (!ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException("address must be an IP address");
    }
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("to must not be before from");
    }
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, found " + count);
    }
  }

  /** An event that is not about what left in responses. */
  public SecurityEvent(
      Kind kind, Optional<UUID> tenant, String address, Instant from, Instant to, long count) {
    this(kind, tenant, address, from, to, count, Optional.empty());
  }

  /** What may happen. */
  public enum Kind {
    /** A credential of another tenant. */
    FOREIGN_CREDENTIAL("foreign-credential"),
    /** A client that says who the tenant is, which only the gateway does. */
    SPOOFED_TENANT("spoofed-tenant"),
    /** Parts of a request that name different tenants. */
    CONFLICTING_TENANTS("conflicting-tenants"),
    /** Many hosts that are nobody's, asked for from one address. */
    PROBING_HOSTS("probing-hosts"),
    /** Many credentials that are not valid, from one address. */
    PROBING_CREDENTIALS("probing-credentials"),
    /** Requests from an address that is blocked, for trying many hosts or credentials. */
    BLOCKED_SOURCE("blocked-source"),
    /** Requests from an address from which the tenant, or the platform, takes none. */
    ADDRESS_NOT_ALLOWED("address-not-allowed"),
    /** Responses of a service that were stamped with another tenant, and withheld. */
    FOREIGN_RESPONSE("foreign-response"),
    /** More has left in responses than may, or than is usual. */
    EGRESS_ALARM("egress-alarm"),
    /** The same, and nothing more leaves for a time. */
    EGRESS_CUT_OFF("egress-cut-off");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    /** Its name in reports and in the audit trail. */
    @JsonValue
    public String wireName() {
      return wireName;
    }

    @JsonCreator
    static Kind of(String wireName) {
      return Arrays.stream(values())
          .filter(kind -> kind.wireName.equals(wireName))
          .findFirst()
          .orElseThrow(
              () -> new IllegalArgumentException("kind is not known, found \"" + wireName + "\""));
    }
  }
}
