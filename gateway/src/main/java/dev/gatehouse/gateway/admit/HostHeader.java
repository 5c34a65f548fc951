package dev.gatehouse.gateway.admit;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.rejection.Rejection;

/**
 * The host that a request is for, in normal form (RFC 9110 section 7.2, RFC 3986 section 3.2.2).
 */
final class HostHeader {
  private static final int MAX_PORT_DIGITS = 5;

  private HostHeader() {}

  /**
   * Takes the port off and brings the name to its normal form. Allocates nothing where there is
   * nothing to take off.
   *
   * @param authority {@code host} or {@code host:port}
   * @throws Rejection.BadRequest if it is neither
   */
  static String hostOf(String authority) {
    if (authority.startsWith("[")) {
      return addressLiteral(authority);
    }
    int end = authority.length();
    boolean normal = true;
    for (int i = 0; i < end; i++) {
      char c = authority.charAt(i);
      if (c == ':') {
        requirePort(authority, i + 1);
        end = i;
      } else if (c >= 'A' && c <= 'Z') {
        normal = false;
      } else if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.') {
        throw new Rejection.BadRequest("The host may hold letters, digits, hyphens and dots only.");
      }
    }
    String host = authority.substring(0, end);
    if (normal && !host.endsWith(".")) {
      return host;
    }
    if (!Hostname.isValid(host)) {
      throw new Rejection.BadRequest("The host is not a host name.");
    }
    return Hostname.parse(host).value();
  }

  /**
   * Tells a name that belongs to nobody from one that cannot exist.
   *
   * @throws Rejection.BadRequest if it cannot exist
   */
  static void requirePossible(String host) {
    boolean address = host.startsWith("[") || looksLikeIpv4(host);
    if (!address && !Hostname.isValid(host)) {
      throw new Rejection.BadRequest("The host is not a host name.");
    }
  }

  private static boolean looksLikeIpv4(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if ((c < '0' || c > '9') && c != '.') {
        return false;
      }
    }
    return !host.isEmpty();
  }

  private static String addressLiteral(String authority) {
    int close = authority.indexOf(']');
    if (close < 3) {
      throw new Rejection.BadRequest("The host is not an address.");
    }
    for (int i = 1; i < close; i++) {
      char c = authority.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        throw new Rejection.BadRequest("The host is not an address.");
      }
    }
    if (close + 1 < authority.length()) {
      if (authority.charAt(close + 1) != ':') {
        throw new Rejection.BadRequest("The host is not an address.");
      }
      requirePort(authority, close + 2);
    }
    return authority.substring(0, close + 1);
  }

  private static void requirePort(String authority, int start) {
    int digits = authority.length() - start;
    boolean valid = digits <= MAX_PORT_DIGITS;
    for (int i = start; valid && i < authority.length(); i++) {
      valid = authority.charAt(i) >= '0' && authority.charAt(i) <= '9';
    }
    if (!valid) {
      throw new Rejection.BadRequest("The host has a bad port.");
    }
  }
}
