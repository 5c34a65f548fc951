package dev.gatehouse.gateway.security;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.gateway.client.IpBits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What is held responsible: an IPv4 address, or the first 64 bits of an IPv6 one, of which one
 * network has all the rest (RFC 6177).
 *
 * @param ipv6 which of the two
 * @param bits the address, or its first half
 */
record ProbingAddress(boolean ipv6, long bits) {
  static ProbingAddress of(IpBits address) {
    return new ProbingAddress(address.ipv6(), address.ipv6() ? address.high() : address.low());
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
