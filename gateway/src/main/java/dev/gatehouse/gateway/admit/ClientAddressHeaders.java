package dev.gatehouse.gateway.admit;

import java.util.List;

/**
 * Headers by which delivery networks and proxies tell the address of a client, and which
 * applications that have once been behind one of them believe. Here the client's address is said in
 * {@code Forwarded} and {@code X-Forwarded-For} alone: these would be a client's own invention.
 */
final class ClientAddressHeaders {
  /** Without {@code X-}, hyphens and case. */
  private static final List<String> NAMES =
      List.of(
          "clientip",
          "trueclientip",
          "clusterclientip",
          "connectingip",
          "cfconnectingip",
          "cfconnectingipv6",
          "cfpseudoipv4",
          "fastlyclientip",
          "flyclientip",
          "azureclientip",
          "azuresocketip",
          "proxyclientip",
          "wlproxyclientip",
          "appengineuserip",
          "appengineremoteaddr",
          "envoyexternaladdress",
          "originatingip",
          "remoteip",
          "remoteaddr");

  private ClientAddressHeaders() {}

  /**
   * Whether some application would read a name as one of these.
   *
   * @param start where the name itself begins
   */
  static boolean are(CharSequence name, int start) {
    if (!mayEnd(name.charAt(name.length() - 1))) {
      return false;
    }
    for (String word : NAMES) {
      int end = ForwardableHeaders.endOf(word, name, start);
      if (end >= 0 && ForwardableHeaders.hasNoLetterFrom(name, end)) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of them does; most headers end at this. */
  private static boolean mayEnd(char last) {
    return switch (last | 0x20) {
      case 'p', 'r', 's', '4', '6' -> true;
      default -> false;
    };
  }
}
