package dev.gatehouse.gateway.connect;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.client.IpBits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is held responsible: an IPv4 address, or the first 64 bits of an IPv6 one, of which one
 * network has all the rest (RFC 6177).
 *
 * @param ipv6 which of the two
 * @param bits the address, or its first half
 */
public record SourceAddress(boolean ipv6, long bits) {
  /** Private and loopback ranges, which are one's own proxies and networks. */
  public static final List<AddressRange> PRIVATE_RANGES =
      Stream.of(
              "127.0.0.0/8",
              "10.0.0.0/8",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "100.64.0.0/10",
              "169.254.0.0/16",
              "::1/128",
              "fc00::/7",
              "fe80::/10")
          .map(AddressRange::parse)
          .toList();

  /** Of an address. */
  public static SourceAddress of(IpBits address) {
    return new SourceAddress(address.ipv6(), address.ipv6() ? address.high() : address.low());
  }

  /** Of an address. */
  public static SourceAddress of(InetAddress address) {
    return of(IpBits.of(address));
  }

  /** As a range: {@code 192.0.2.1/32} or {@code 2001:db8::/64}. */
  @Override
  public String toString() {
    byte[] bytes = ByteBuffer.allocate(16).putLong(bits).array();
    return ipv6
        ? new AddressRange(addressOf(bytes), 64).toString()
        : new AddressRange(addressOf(Arrays.copyOfRange(bytes, 4, 8)), 32).toString();
  }

  private static InetAddress addressOf(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // Only for other lengths.
    }
  }
}
