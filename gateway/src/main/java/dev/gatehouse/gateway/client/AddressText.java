package dev.gatehouse.gateway.client;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** The one way to write an address: RFC 5952 for IPv6, dotted for IPv4 in whatever clothes. */
final class AddressText {
  private AddressText() {}

  /** Brings an address to its normal form; empty if it is none. */
  static Optional<String> normal(String text) {
    byte[] bytes = text.indexOf('%') >= 0 ? null : Cidr.bytesOf(text);
    try {
      return bytes == null
          ? Optional.empty()
          : Optional.of(NetUtil.toAddressString(InetAddress.getByAddress(bytes)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has four bytes or sixteen", e);
    }
  }
}
