package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How the users of a tenant log in with one of its identity providers (OpenID Connect Core 1.0, by
 * the authorization code flow with PKCE). Its endpoints are found by discovery at its issuer.
 *
 * @param client as what the gateway is registered there
 * @param label what the login page calls it; the provider's name if absent
 * @param scopes asked for besides {@code openid}; {@code profile} and {@code email} if absent
 * @param sessionLife how long a session lasts at most; 12 h if absent
 * @param idleTimeout how long a session lasts without a request; 1 h if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record OidcLogin(
    ClientCredentials client,
    Optional<String> label,
    Optional<Set<String>> scopes,
    Optional<Duration> sessionLife,
    Optional<Duration> idleTimeout) {
  /** The default of {@code scopes}. */
  public static final Set<String> DEFAULT_SCOPES = Set.of("profile", "email");

  /** The default of {@code sessionLife}. */
  public static final Duration DEFAULT_SESSION_LIFE = Duration.ofHours(12);

  /** The default of {@code idleTimeout}. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofHours(1);

  private static final Duration LEAST = Duration.ofMinutes(1);
  private static final Duration MOST = Duration.ofDays(30);
  private static final int MAX_LABEL = 100;
  private static final int MAX_SCOPES = 30;
  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,100}");

  /**
   * @throws IllegalArgumentException if something is too long or too much, a time is out of its
   *     range, or a scope is no scope token (RFC 6749 section 3.3)
   */
  public OidcLogin {
    label.ifPresent(text -> Range.check("length of label", text.length(), 1, MAX_LABEL));
    scopes = scopes.map(Set::copyOf);
    scopes.ifPresent(OidcLogin::checkScopes);
    sessionLife.ifPresent(life -> Range.check("sessionLife", life, LEAST, MOST));
    idleTimeout.ifPresent(time -> Range.check("idleTimeout", time, LEAST, MOST));
  }

  private static void checkScopes(Set<String> scopes) {
    Range.check("size of scopes", scopes.size(), 0, MAX_SCOPES);
    for (String scope : scopes) {
      if (!SCOPE.matcher(scope).matches()) {
        throw new IllegalArgumentException(
            "scopes must be words without spaces, quotes and backslashes, found \"" + scope + "\"");
      }
    }
  }
}
