package dev.gatehouse.gateway.client;

import dev.gatehouse.contract.net.AddressRange;
import io.netty.util.NetUtil;
import java.util.Optional;

/** The one way to write an address: RFC 5952 for IPv6, dotted for IPv4 in whatever clothes. */
final class AddressText {
  private AddressText() {}

  /** Brings an address to its normal form; empty if it is none. */
  static Optional<String> normal(String text) {
    return AddressRange.addressOf(text).map(NetUtil::toAddressString);
  }
}
