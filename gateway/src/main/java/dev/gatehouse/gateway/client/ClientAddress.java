package dev.gatehouse.gateway.client;

import dev.gatehouse.contract.net.AddressRange;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, as far as that can be trusted, and by way of which proxies. Immutable; one for all
 * requests of a connection where no proxy is trusted.
 */
public final class ClientAddress {
  private final String address;
  private final @Nullable IpBits bits;
  private final String scheme;
  private final String forwardedFor;
  private final String node;
  private final String forwardedBehind;

  /**
   * @param address the client's
   * @param scheme what the client spoke: {@code http} or {@code https}
   * @param proxies addresses of the trusted proxies between the client and here, from the client's
   *     side
   */
  ClientAddress(InetAddress address, String scheme, List<String> proxies) {
    this(AddressText.of(address), IpBits.of(address), scheme, proxies);
  }

  private ClientAddress(
      String address, @Nullable IpBits bits, String scheme, List<String> proxies) {
    this.address = address;
    this.bits = bits;
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

  /**
   * A client without proxies between.
   *
   * @param text its address; it may be that of no network, such as the name of a file
   */
  public static ClientAddress of(String text, String scheme) {
    // A zone is of no use to anybody but the machine that says it (RFC 4007 section 11).
    int zone = text.indexOf('%');
    return AddressRange.addressOf(zone < 0 ? text : text.substring(0, zone))
        .map(address -> new ClientAddress(address, scheme, List.of()))
        .orElseGet(() -> new ClientAddress(text, null, scheme, List.of()));
  }

  /** The client's address as numbers; null if it has none. */
  public @Nullable IpBits bits() {
    return bits;
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
