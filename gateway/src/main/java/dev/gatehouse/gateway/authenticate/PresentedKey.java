package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.admit.BearerScheme;
import dev.gatehouse.gateway.admit.RequestHeaders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The API key that a request came with: {@code X-API-Key}, or {@code Authorization: Bearer gh_…}
 * (RFC 6750 section 2.1).
 *
 * @param present whether there was anything in the place of a key, well-formed or not
 * @param token the key, if it has the form of one
 */
public record PresentedKey(boolean present, Optional<SecretToken> token) {
  private static final PresentedKey NONE = new PresentedKey(false, Optional.empty());
  private static final PresentedKey MALFORMED = new PresentedKey(true, Optional.empty());

  /** Reads it; two different keys, wherever they are, count as a malformed one. */
  public static PresentedKey of(RequestHeaders headers) {
    String header = headers.apiKey();
    String bearer = bearerOf(headers.authorization());
    String key = header != null ? header : bearer;
    if (headers.hasManyCredentials() || (bearer != null && !bearer.equals(key))) {
      return MALFORMED;
    }
    return key == null
        ? NONE
        : new PresentedKey(true, SecretToken.parse(SecretToken.Kind.API_KEY, key));
  }

  /** Bearer tokens of other kinds are the upstream's affair. */
  private static @Nullable String bearerOf(@Nullable String authorization) {
    String token = BearerScheme.tokenIn(authorization);
    return token != null && SecretToken.looksLike(SecretToken.Kind.API_KEY, token) ? token : null;
  }
}
