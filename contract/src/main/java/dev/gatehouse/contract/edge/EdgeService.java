package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An upstream application.
 *
 * @param name unique; the audience of the signed context
 * @param endpoints where it listens; never empty
 * @param connectTimeout how long one attempt to connect may take; the gateway's default if absent
 * @param responseTimeout how long the upstream may take until its response begins; the gateway's
 *     default if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeService(
    String name,
    List<Endpoint> endpoints,
    Optional<Duration> connectTimeout,
    Optional<Duration> responseTimeout)
    implements EdgeObject {

  /**
   * @throws IllegalArgumentException if there is no endpoint
   */
  public EdgeService {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("service " + name + " must have at least one endpoint");
    }
  }

  @Override
  public Kind kind() {
    return Kind.SERVICE;
  }

  @Override
  public String key() {
    return name;
  }

  /**
   * One address of a service.
   *
   * @param host name or IP address
   * @param port 1 to 65535
   * @param tls whether to speak TLS to it
   */
  public record Endpoint(String host, int port, boolean tls) {
    /**
     * @throws IllegalArgumentException if the host is empty or the port out of range
     */
    public Endpoint {
      if (host.isEmpty()) {
        throw new IllegalArgumentException("endpoint must have a host");
      }
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException(
            "endpoint port must be between 1 and 65535, found " + port);
      }
    }
  }
}
