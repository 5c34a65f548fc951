package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * Which requests go to which service. Of all routes that match, the one with the longest prefix
 * wins; of those, one that names the method before one that does not, and one for the host's class
 * before one for any host.
 *
 * @param id never changes
 * @param hosts which of a tenant's hosts it is for
 * @param pathPrefix begins with a slash; matches whole segments: {@code /api} matches {@code /api}
 *     and {@code /api/x}, not {@code /apix}
 * @param methods upper case; empty for all
 * @param service name of the {@link EdgeService}
 */
public record EdgeRoute(
    UUID id, HostClass hosts, String pathPrefix, Set<String> methods, String service)
    implements EdgeObject {

  /**
   * @throws IllegalArgumentException if the prefix does not begin with a slash
   */
  public EdgeRoute {
    methods = Set.copyOf(methods);
    if (!pathPrefix.startsWith("/")) {
      throw new IllegalArgumentException(
          "pathPrefix must begin with /, found \"" + pathPrefix + "\"");
    }
  }

  @Override
  public Kind kind() {
    return Kind.ROUTE;
  }

  @Override
  public String key() {
    return id.toString();
  }

  /** Classes of hosts that a tenant is reached at. */
  public enum HostClass {
    /** All of them. */
    ANY,
    /** {@code slug.<base domain>}. */
    SUBDOMAIN,
    /** The tenant's own domains. */
    CUSTOM;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON. */
    @JsonValue
    public String wireName() {
      return wireName;
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such class
     */
    @JsonCreator
    public static HostClass fromWireName(String name) {
      for (HostClass hosts : values()) {
        if (hosts.wireName.equals(name)) {
          return hosts;
        }
      }
      throw new IllegalArgumentException(
          "hosts must be one of any, subdomain, custom, found " + name);
    }
  }
}
