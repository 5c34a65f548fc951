package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.admit.RequestHeaders;
import org.jspecify.annotations.Nullable;

/** The token of an identity provider that a request came with (RFC 6750 section 2.1). */
final class PresentedToken {
  private static final String SCHEME = "Bearer";

  private PresentedToken() {}

  /** Null if there is none: nothing by this scheme, or an API key. */
  static @Nullable String of(RequestHeaders headers) {
    String authorization = headers.authorization();
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || isAnotherScheme(authorization)) {
      return null;
    }
    String token = authorization.substring(SCHEME.length()).strip();
    return SecretToken.looksLike(SecretToken.Kind.API_KEY, token) ? null : token;
  }

  /** One that begins with the same letters. */
  private static boolean isAnotherScheme(String authorization) {
    return authorization.length() > SCHEME.length()
        && !Character.isWhitespace(authorization.charAt(SCHEME.length()));
  }
}
