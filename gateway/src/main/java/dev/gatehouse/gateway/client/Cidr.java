package dev.gatehouse.gateway.client;

import io.netty.util.NetUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A range of addresses (RFC 4632, RFC 4291 section 2.3). IPv4-mapped IPv6 addresses are IPv4. */
public final class Cidr {
  private static final int MAPPED_PREFIX_BYTES = 12;

  private final byte[] network;
  private final int prefixBits;

  private Cidr(byte[] network, int prefixBits) {
    this.network = network;
    this.prefixBits = prefixBits;
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address.
   *
   * @throws IllegalArgumentException if it is none of these, or if it has bits set behind its
   *     prefix
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    byte[] network = bytesOf(slash < 0 ? text : text.substring(0, slash));
    if (network == null) {
      throw malformed(text);
    }
    int most = network.length * 8;
    int prefix = slash < 0 ? most : prefixOf(text, slash, most);
    for (int bit = prefix; bit < most; bit++) {
      if ((network[bit / 8] & (0x80 >> (bit % 8))) != 0) {
        throw new IllegalArgumentException(
            "a range must have no bits set behind its prefix, found " + text);
      }
    }
    return new Cidr(network, prefix);
  }

  /** Whether an address is in the range; what is no address is in none. */
  public boolean contains(String address) {
    byte[] bytes = bytesOf(address);
    return bytes != null && contains(bytes);
  }

  private boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    int whole = prefixBits / 8;
    int rest = prefixBits % 8;
    return Arrays.equals(address, 0, whole, network, 0, whole)
        && (rest == 0 || ((address[whole] ^ network[whole]) >> (8 - rest)) == 0);
  }

  /** The bytes of an address, four if there is a way to say it in four; null if it is none. */
  static byte @Nullable [] bytesOf(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    return bytes != null && bytes.length == 16 && isMapped(bytes)
        ? Arrays.copyOfRange(bytes, MAPPED_PREFIX_BYTES, bytes.length)
        : bytes;
  }

  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < MAPPED_PREFIX_BYTES; i++) {
      if (bytes[i] != (i < 10 ? 0 : (byte) 0xff)) {
        return false;
      }
    }
    return true;
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
  public boolean equals(Object other) {
    return other instanceof Cidr range
        && prefixBits == range.prefixBits
        && Arrays.equals(network, range.network);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(network) * 31 + prefixBits;
  }

  @Override
  public String toString() {
    return NetUtil.bytesToIpAddress(network) + "/" + prefixBits;
  }
}
