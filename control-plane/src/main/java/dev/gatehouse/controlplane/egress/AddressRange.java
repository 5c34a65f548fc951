package dev.gatehouse.controlplane.egress;

import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * A range of IP addresses.
 *
 * @param network its first address
 * @param prefixLength how many leading bits all its addresses share
 */
public record AddressRange(InetAddress network, int prefixLength) {
  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)/([0-9]{1,3})");

  /**
   * Reads the notation of RFC 4632: {@code 10.0.0.0/8}, {@code fd00::/8}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static AddressRange parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a range of addresses must be written like 10.0.0.0/8, found \"" + text + "\"");
    }
    InetAddress network = InetAddress.ofLiteral(parts.group(1));
    int prefixLength = Integer.parseInt(parts.group(2));
    if (prefixLength > network.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException("a range has more bits than an address: \"" + text + "\"");
    }
    return new AddressRange(network, prefixLength);
  }

  /** Whether the address lies in it. One of the other family never does. */
  public boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] other = address.getAddress();
    if (ours.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if ((ours[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefixLength;
  }
}
