package dev.gatehouse.contract.edge;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** What may stand in a path, a host or a link, so that nothing else can begin there. */
final class HttpText {
  private static final Pattern PATH = Pattern.compile("/|(/[!$&-.0-;=@A-Z_a-z{}~%]+)+/?");
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
  private static final Pattern LINK = Pattern.compile("[\\x21-\\x7e&&[^<>\"]]+");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final int MAX_URL_LENGTH = 2000;

  private HttpText() {}

  /**
   * @throws IllegalArgumentException if it does not begin with a slash, or holds an empty segment
   *     or what must be percent-encoded
   */
  static void checkPath(String what, String path) {
    check(what, "a path such as /a/b", PATH, path);
  }

  /**
   * @throws IllegalArgumentException if it is not a host, with or without a port
   */
  static void checkAuthority(String what, String authority) {
    check(what, "a host such as a.example:8443", AUTHORITY, authority);
  }

  /**
   * @throws IllegalArgumentException if it cannot stand between the brackets of a Link (RFC 8288)
   */
  static void checkLink(String what, String link) {
    check(what, "a URI", LINK, link);
  }

  /**
   * @throws IllegalArgumentException if it is not a plain word
   */
  static void checkName(String what, String name) {
    check(what, "up to 64 letters, digits, dots, hyphens and underscores", NAME, name);
  }

  /**
   * @throws IllegalArgumentException if it is not a URL that can be fetched, or too long. {@code
   *     http} is not refused here: where it may be, the operator says
   */
  static void checkUrl(String what, String url) {
    Range.check("length of " + what, url.length(), 1, MAX_URL_LENGTH);
    if (!isPlainUrl(url)) {
      throw new IllegalArgumentException(
          what + " must be an https URL without a user or a fragment, found \"" + url + "\"");
    }
  }

  private static boolean isPlainUrl(String text) {
    try {
      URI uri = new URI(text);
      return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private static void check(String what, String expected, Pattern pattern, String found) {
    if (!pattern.matcher(found).matches()) {
      throw new IllegalArgumentException(
          what + " must be " + expected + ", found \"" + found + "\"");
    }
  }
}
