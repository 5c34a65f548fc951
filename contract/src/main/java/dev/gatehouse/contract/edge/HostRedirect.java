package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.contract.tenant.Hostname;
import java.util.OptionalInt;

/**
 * A host that only leads to another one: path and query stay.
 *
 * @param host the host that is left
 * @param to where its clients are sent
 * @param status 301 or 308; 308 if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record HostRedirect(Hostname host, Hostname to, OptionalInt status) {
  /** What a client is answered where nothing else is said. */
  public static final int DEFAULT_STATUS = 308;

  /**
   * @throws IllegalArgumentException if the status is another, or the host leads to itself
   */
  public HostRedirect {
    if (status.isPresent() && status.getAsInt() != 301 && status.getAsInt() != 308) {
      throw new IllegalArgumentException(
          "status of a host's redirect must be 301 or 308, found " + status.getAsInt());
    }
    if (host.equals(to)) {
      throw new IllegalArgumentException(
          "a host must be redirected to another one, found \"" + host + "\" twice");
    }
  }
}
