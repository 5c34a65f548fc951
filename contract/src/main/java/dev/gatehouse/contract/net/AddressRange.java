package dev.gatehouse.contract.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
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
  private static final int IPV4_BITS = 32;
  private static final int MAPPED_BITS = 96;
  private static final int GROUPS = 8;
  private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");

  /** Java reads shorter ways to write an IPv4 address, too, which proxies may read otherwise. */
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  /**
   * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, {@code ::ffff:10.0.0.0/104}, or a single
   * address.
   *
   * @throws IllegalArgumentException if it is none of these, or if it has bits set behind its
   *     prefix
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network =
        addressOf(slash < 0 ? text : text.substring(0, slash)).orElseThrow(() -> malformed(text));
    byte[] bytes = network.getAddress();
    int most = bytes.length * Byte.SIZE;
    int prefix = slash < 0 ? most : prefixOf(text, slash, most);
    byte[] first = bytes.clone();
    for (int bit = prefix; bit < most; bit++) {
      first[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
    }
    if (!Arrays.equals(first, bytes)) {
      throw new IllegalArgumentException(
          "a range must have no bits set behind its prefix, expected %s, found \"%s\""
              .formatted(new AddressRange(addressOf(first), prefix), text));
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
    // An IPv4 address in the clothes of an IPv6 one begins with 96 bits that are not its own.
    int clothes = most == IPV4_BITS && text.lastIndexOf(':', slash) >= 0 ? MAPPED_BITS : 0;
    String digits = text.substring(slash + 1);
    if (PREFIX.matcher(digits).matches()) {
      int prefix = Integer.parseInt(digits) - clothes;
      if (prefix >= 0 && prefix <= most) {
        return prefix;
      }
    }
    throw malformed(text);
  }

  private static InetAddress addressOf(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // Only for other lengths.
    }
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "expected an address or a range such as 10.0.0.0/8 or 2001:db8::/32, found \""
            + text
            + "\"");
  }

  /** Its one normal form: {@code 10.0.0.0/8} or, by RFC 5952, {@code 2001:db8::/32}. */
  @Override
  @JsonValue
  public String toString() {
    byte[] bytes = network.getAddress();
    String address =
        bytes.length * Byte.SIZE == IPV4_BITS ? network.getHostAddress() : shortest(bytes);
    return address + "/" + prefixBits;
  }

  /** The longest run of zeros, of two groups at least, becomes {@code ::}; the first of two. */
  private static String shortest(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << Byte.SIZE | (bytes[2 * i + 1] & 0xff);
    }
    int from = -1;
    int longest = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > longest) {
        from = i;
        longest = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == from) {
        text.append("::");
        i += longest - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
