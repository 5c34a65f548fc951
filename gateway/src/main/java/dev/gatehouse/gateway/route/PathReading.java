package dev.gatehouse.gateway.route;

import dev.gatehouse.gateway.admit.Sanitized;

/**
 * A path as a service may read it: decoded, and without the parameters of its segments (RFC 3986
 * section 3.3), which some servers cut off before they look for what is asked for. Most paths are
 * read in one way only.
 */
final class PathReading {
  private PathReading() {}

  /** Whether a request's path can be read in another way than as it stands there. */
  static boolean hasAnother(Sanitized request) {
    String target = request.target();
    int end = request.pathLength();
    return target.indexOf('%', 0, end) >= 0 || target.indexOf(';', 0, end) >= 0;
  }

  /** The same request with the other reading of its path. */
  static Sanitized of(Sanitized request) {
    String path = of(request.path());
    return new Sanitized(
        request.head(), request.host(), path, path.length(), request.contentLength());
  }

  /** Each byte is a character of its own, whatever it is a part of: both sides are read alike. */
  static String of(String path) {
    StringBuilder read = new StringBuilder(path.length());
    boolean cut = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      cut = c == ';' || (cut && c != '/');
      if (cut) {
        continue;
      }
      int decoded = c == '%' ? escaped(path, i) : -1;
      read.append(decoded < 0 ? c : (char) decoded);
      i += decoded < 0 ? 0 : 2;
    }
    return read.toString();
  }

  private static int escaped(String path, int at) {
    int high = at + 1 < path.length() ? Character.digit(path.charAt(at + 1), 16) : -1;
    int low = at + 2 < path.length() ? Character.digit(path.charAt(at + 2), 16) : -1;
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
