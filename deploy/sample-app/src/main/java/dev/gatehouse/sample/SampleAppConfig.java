package dev.gatehouse.sample;

import java.net.URI;
import java.util.Optional;

/**
 * How the sample application is started.
 *
 * @param host address to listen on
 * @param port 0 to 65535; 0 for any free one
 * @param jwks where the keys that verify contexts are published, for example {@code
 *     http://127.0.0.1:9000/.well-known/jwks.json}
 * @param service the name under which the application is registered with the gateway; contexts for
 *     any other are refused
 * @param controlPlane says where tenants' notes are kept; in memory if empty
 */
public record SampleAppConfig(
    String host, int port, URI jwks, String service, Optional<ControlPlane> controlPlane) {
  /**
   * Who says where tenants' data are.
   *
   * @param url for example {@code http://127.0.0.1:9000}
   * @param token of an operator with the role {@code application}; never logged
   */
  public record ControlPlane(URI url, String token) {
    /** Does not show the token. */
    @Override
    public String toString() {
      return "ControlPlane[" + url + "]";
    }
  }

  /** With notes in memory. */
  public SampleAppConfig(String host, int port, URI jwks, String service) {
    this(host, port, jwks, service, Optional.empty());
  }

  /**
   * @throws IllegalArgumentException if host or service is empty, the port is out of range or the
   *     JWKS URI is not http or https
   */
  public SampleAppConfig {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("host must not be empty");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be between 0 and 65535, found " + port);
    }
    if (!"http".equals(jwks.getScheme()) && !"https".equals(jwks.getScheme())) {
      throw new IllegalArgumentException("jwks must be an http or https URI, found " + jwks);
    }
    if (service.isEmpty()) {
      throw new IllegalArgumentException("service must not be empty");
    }
  }
}
