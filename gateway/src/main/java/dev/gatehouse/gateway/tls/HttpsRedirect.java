package dev.gatehouse.gateway.tls;

import dev.gatehouse.gateway.bounds.NotABound;

/**
 * Where clients are sent that ask a tenant's host in the clear: to the same host and target with
 * TLS. Challenges of domains and of certificate authorities are answered in the clear all the same.
 *
 * @param port at which clients reach the gateway's TLS (default 443)
 */
public record HttpsRedirect(@NotABound("an address") int port) {
  /** The port of {@code https}. */
  public static final HttpsRedirect DEFAULT = new HttpsRedirect(443);

  /** Keeps the method and the body (RFC 9110 section 15.4.9). */
  public static final int STATUS = 308;

  /**
   * @throws IllegalArgumentException if the port is out of its range
   */
  public HttpsRedirect {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port must be between 1 and 65535, found " + port);
    }
  }

  /**
   * The same place with TLS.
   *
   * @param target path and query
   */
  public String locationOf(String host, String target) {
    return "https://" + host + (port == 443 ? "" : ":" + port) + target;
  }
}
