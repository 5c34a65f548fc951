package dev.gatehouse.egress;

import dev.gatehouse.contract.net.AddressRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses may be connected to where a tenant named the place: those of the public Internet,
 * and the ranges that the operator allows.
 *
 * @param allowed ranges that are let through although they are not public
 */
public record EgressPolicy(List<AddressRange> allowed) {
  /** IANA's registry of special-purpose IPv4 addresses (RFC 6890), multicast and reserved ones. */
  private static final List<AddressRange> SPECIAL_IPV4 =
      ranges(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/3");

  /** What is given out for use in the Internet at all (RFC 4291 section 2.4). */
  private static final AddressRange GLOBAL_IPV6 = AddressRange.parse("2000::/3");

  /**
   * Of that: Teredo and its like, documentation, and 6to4, which can stand for any IPv4 address.
   */
  private static final List<AddressRange> SPECIAL_IPV6 =
      ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  public EgressPolicy {
    allowed = List.copyOf(allowed);
  }

  /**
   * Whether the address may be connected to. An IPv4 address written as an IPv6 one is what it
   * stands for: Java makes no difference between the two.
   */
  public boolean allows(InetAddress address) {
    return isPublic(address) || allowsExpressly(address);
  }

  /** Whether the address lies in a range that the operator allows, public or not. */
  public boolean allowsExpressly(InetAddress address) {
    return isIn(allowed, address);
  }

  private static boolean isPublic(InetAddress address) {
    return address instanceof Inet4Address
        ? !isIn(SPECIAL_IPV4, address)
        : GLOBAL_IPV6.contains(address) && !isIn(SPECIAL_IPV6, address);
  }

  private static boolean isIn(List<AddressRange> ranges, InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  private static List<AddressRange> ranges(String... texts) {
    return Stream.of(texts).map(AddressRange::parse).toList();
  }
}
