package dev.gatehouse.gateway.admit;

import dev.gatehouse.gateway.rejection.Rejection;

/**
 * The one normal form of a request's path and query: what is matched is what is forwarded, byte for
 * byte. What a later reader could take for another path is refused, not repaired: dot segments and
 * slashes in any encoding, segments that are empty or parameters only, backslashes, control
 * characters, bad percent-encoding (RFC 3986 sections 2.1 and 3.3).
 */
final class RequestTarget {
  private RequestTarget() {}

  /**
   * Checks a target and finds the end of its path.
   *
   * @param target begins with a slash
   * @return the length of the path
   * @throws Rejection.BadRequest if it is not in normal form
   */
  static int pathLength(String target) {
    int length = target.length();
    int segmentStart = 1;
    int end = length;
    for (int i = 1; i < length; i++) {
      char c = target.charAt(i);
      if (c == '?') {
        end = i;
        break;
      }
      if (c == '/') {
        requireSegment(target, segmentStart, i);
        segmentStart = i + 1;
      } else if (c == '%') {
        requireHarmlessEscape(target, i);
      } else if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
        throw new Rejection.BadRequest("The path holds a character that must be percent-encoded.");
      }
    }
    if (segmentStart < end) {
      requireSegment(target, segmentStart, end);
    }
    requireQuery(target, end);
    return end;
  }

  /**
   * No empty segment but the last, and none that is, or decodes to, a dot segment; also when a path
   * parameter is cut off, as some servers do first.
   */
  private static void requireSegment(String target, int from, int to) {
    if (from == to || target.charAt(from) == ';') {
      throw new Rejection.BadRequest("The path holds an empty segment.");
    }
    int dots = 0;
    for (int i = from; i < to; i++) {
      char c = target.charAt(i);
      if (c == '.') {
        dots++;
      } else if (c == '%' && target.charAt(i + 1) == '2' && (target.charAt(i + 2) | 0x20) == 'e') {
        dots++;
        i += 2;
      } else if (c == ';') {
        break;
      } else {
        return;
      }
    }
    if (dots == 1 || dots == 2) {
      throw new Rejection.BadRequest("The path holds a dot segment.");
    }
  }

  /** Well-formed, and not an encoded slash, backslash or control character. */
  private static void requireHarmlessEscape(String target, int at) {
    int value = escapedByte(target, at);
    if (value < 0x20 || value == 0x7f || value == '/' || value == '\\') {
      throw new Rejection.BadRequest(
          "The path holds an encoded slash, backslash or control character.");
    }
  }

  private static int escapedByte(String target, int at) {
    int high = at + 1 < target.length() ? hexDigit(target.charAt(at + 1)) : -1;
    int low = at + 2 < target.length() ? hexDigit(target.charAt(at + 2)) : -1;
    if (high < 0 || low < 0) {
      throw new Rejection.BadRequest("The request target holds a bad percent-encoding.");
    }
    return high << 4 | low;
  }

  private static int hexDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private static void requireQuery(String target, int from) {
    for (int i = from; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        throw new Rejection.BadRequest("The query holds a character that must be percent-encoded.");
      }
    }
  }
}
