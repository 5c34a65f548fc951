package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.admit.RequestHeaders;
import org.jspecify.annotations.Nullable;

/** The token of an identity provider that a request came with (RFC 6750 section 2.1). */
final class PresentedToken {
  private static final String BEARER = "Bearer ";

  private PresentedToken() {}

  /** Null if there is none: nothing by this scheme, or an API key. */
  static @Nullable String of(RequestHeaders headers) {
    String authorization = headers.authorization();
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    String token = authorization.substring(BEARER.length()).strip();
    return SecretToken.looksLike(SecretToken.Kind.API_KEY, token) ? null : token;
  }
}
