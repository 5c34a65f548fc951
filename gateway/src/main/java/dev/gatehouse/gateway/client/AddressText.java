package dev.gatehouse.gateway.client;

import io.netty.util.NetUtil;
import java.net.InetAddress;

/** The one way to write an address: RFC 5952 for IPv6, dotted for IPv4 in whatever clothes. */
final class AddressText {
  private AddressText() {}

  /** An address in its normal form. */
  static String of(InetAddress address) {
    return NetUtil.toAddressString(address);
  }
}
