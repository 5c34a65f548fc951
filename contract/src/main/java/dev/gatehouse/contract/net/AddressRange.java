package dev.gatehouse.contract.net;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of IP addresses (RFC 4632, RFC 4291 section 2.3). An IPv4 address in the clothes of an
 * IPv6 one is an IPv4 address.
 *
 * @param network its first address
 * @param prefixBits how many leading bits all its addresses share
 */
public record AddressRange(InetAddress network, int prefixBits) {
  /** Java reads shorter ways to write an IPv4 address, too, which proxies may read otherwise. */
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  /**
   * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address.
   *
   * @throws IllegalArgumentException if it is none of these, or if it has bits set behind its
   *     prefix
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network =
        addressOf(slash < 0 ? text : text.substring(0, slash)).orElseThrow(() -> malformed(text));
    byte[] bytes = network.getAddress();
    int most = bytes.length * Byte.SIZE;
    int prefix = slash < 0 ? most : prefixOf(text, slash, most);
    for (int bit = prefix; bit < most; bit++) {
      if (isSet(bytes, bit)) {
        throw new IllegalArgumentException(
            "a range must have no bits set behind its prefix, found \"" + text + "\"");
      }
    }
    return new AddressRange(network, prefix);
  }

  /** The address that a text is; empty if it is none. No name is ever looked up. */
  public static Optional<InetAddress> addressOf(String text) {
    if (!LITERAL.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Whether the address lies in it. One of the other family never does. */
  public boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] other = address.getAddress();
    if (ours.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      if (isSet(ours, bit) != isSet(other, bit)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSet(byte[] address, int bit) {
    return (address[bit / Byte.SIZE] & 0x80 >> bit % Byte.SIZE) != 0;
  }

  private static int prefixOf(String text, int slash, int most) {
    try {
      int prefix = Integer.parseInt(text.substring(slash + 1));
      if (prefix >= 0 && prefix <= most) {
        return prefix;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw malformed(text);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "expected an address or a range such as 10.0.0.0/8 or 2001:db8::/32, found \""
            + text
            + "\"");
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefixBits;
  }
}
