package dev.gatehouse.gateway.authenticate.jwt;

/**
 * The one way to write a token (RFC 7515 sections 2 and 7.1). The decoder overlooks whatever is not
 * of its alphabet, and reads that of plain Base64, too: a token's signature could be written in any
 * number of ways, each of which would be verified anew and push another token out of what is known.
 */
final class CompactForm {
  private static final int BITS = 6;

  private CompactForm() {}

  /** Whether a text is made of Base64url and dots, and its signature in the shortest way. */
  static boolean isOf(String token) {
    for (int i = 0; i < token.length(); i++) {
      if (token.charAt(i) != '.' && valueOf(token.charAt(i)) < 0) {
        return false;
      }
    }
    int signature = token.length() - 1 - token.lastIndexOf('.');
    int surplus = signature * BITS % Byte.SIZE;
    return signature == 0
        || (surplus < BITS
            && (valueOf(token.charAt(token.length() - 1)) & (1 << surplus) - 1) == 0);
  }

  private static int valueOf(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
  }
}
