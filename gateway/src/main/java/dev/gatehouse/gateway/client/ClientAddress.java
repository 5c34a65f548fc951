package dev.gatehouse.gateway.client;

import java.util.List;

/**
 * Who asks, as far as that can be trusted, and by way of which proxies. Immutable; one for all
 * requests of a connection where no proxy is trusted.
 */
public final class ClientAddress {
  private final String address;
  private final String scheme;
  private final String forwardedFor;
  private final String node;
  private final String forwardedBehind;

  /**
   * @param address the client's, as text
   * @param scheme what the client spoke: {@code http} or {@code https}
   * @param proxies addresses of the trusted proxies between the client and here, from the client's
   *     side
   */
  ClientAddress(String address, String scheme, List<String> proxies) {
    this.address = address;
    this.scheme = scheme;
    this.node = nodeOf(address);
    StringBuilder addresses = new StringBuilder(address);
    StringBuilder nodes = new StringBuilder();
    for (String proxy : proxies) {
      addresses.append(", ").append(proxy);
      nodes.append(", for=").append(nodeOf(proxy));
    }
    this.forwardedFor = addresses.toString();
    this.forwardedBehind = nodes.toString();
  }

  /** The client's address as text. */
  public String address() {
    return address;
  }

  /** What the client spoke: {@code http} or {@code https}. */
  public String scheme() {
    return scheme;
  }

  /** The client and the trusted proxies, for {@code X-Forwarded-For}. */
  public String forwardedFor() {
    return forwardedFor;
  }

  /**
   * The same for {@code Forwarded} (RFC 7239).
   *
   * @param authority the host that was asked for
   */
  public String forwarded(String authority) {
    return "for=" + node + ";host=\"" + authority + "\";proto=" + scheme + forwardedBehind;
  }

  private static String nodeOf(String address) {
    return address.indexOf(':') >= 0 ? "\"[" + address + "]\"" : address;
  }
}
