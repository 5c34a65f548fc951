package dev.gatehouse.gateway.admit;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.rejection.Rejection;
import io.netty.util.NetUtil;

/**
 * The host that a request is for, in normal form (RFC 9110 section 7.2, RFC 3986 section 3.2.2).
 */
final class HostHeader {
  private static final int MAX_PORT_DIGITS = 5;
  private static final int MAX_PORT = 65_535;

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

  /** One to four numbers, as {@code inet_aton} takes them, whatever their size. */
  private static boolean looksLikeIpv4(String host) {
    int numbers = 1;
    boolean empty = true;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '.' && !empty) {
        numbers++;
        empty = true;
      } else if (c >= '0' && c <= '9') {
        empty = false;
      } else {
        return false;
      }
    }
    return !empty && numbers <= 4;
  }

  private static String addressLiteral(String authority) {
    int close = authority.indexOf(']');
    // A zone belongs to the machine that says it, not into a Host.
    if (close < 0
        || authority.indexOf('%') >= 0
        || !NetUtil.isValidIpV6Address(authority.substring(1, close))) {
      throw new Rejection.BadRequest("The host is not an address.");
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
    int port = 0;
    for (int i = start; valid && i < authority.length(); i++) {
      int digit = authority.charAt(i) - '0';
      valid = digit >= 0 && digit <= 9;
      port = port * 10 + digit;
    }
    if (!valid || port > MAX_PORT) {
      throw new Rejection.BadRequest("The host has a bad port.");
    }
  }
}
