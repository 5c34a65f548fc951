package dev.gatehouse.gateway.admit;

import org.jspecify.annotations.Nullable;

/** The scheme {@code Bearer} of the header {@code Authorization} (RFC 6750 section 2.1). */
public final class BearerScheme {
  private static final String SCHEME = "Bearer";

  private BearerScheme() {}

  /**
   * The token; null if the header is of another scheme. Whatever stands between the two, and in any
   * case, is taken for what was meant: one who reads it otherwise would let it pass unread.
   */
  public static @Nullable String tokenIn(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || isAnotherScheme(authorization)) {
      return null;
    }
    return authorization.substring(SCHEME.length()).strip();
  }

  /** One that begins with the same letters. */
  private static boolean isAnotherScheme(String authorization) {
    return authorization.length() > SCHEME.length()
        && !Character.isWhitespace(authorization.charAt(SCHEME.length()));
  }
}
