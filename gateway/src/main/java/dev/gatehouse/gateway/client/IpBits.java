package dev.gatehouse.gateway.client;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An IP address as numbers, to be compared without its text. An IPv4 address in the clothes of an
 * IPv6 one is an IPv4 address.
 *
 * @param ipv6 which of the two
 * @param high the first 64 bits of an IPv6 address; 0 for IPv4
 * @param low the last 64 bits; all 32 of an IPv4 address
 */
public record IpBits(boolean ipv6, long high, long low) {
  /** Those of an address. */
  public static IpBits of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return bytes.remaining() == Integer.BYTES
        ? new IpBits(false, 0, Integer.toUnsignedLong(bytes.getInt()))
        : new IpBits(true, bytes.getLong(), bytes.getLong());
  }
}
