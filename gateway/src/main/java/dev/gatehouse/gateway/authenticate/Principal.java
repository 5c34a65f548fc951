package dev.gatehouse.gateway.authenticate;

import java.util.Optional;
import java.util.Set;

/**
 * The authenticated caller at one tenant, and what was signed for it. Replaced, never changed, when
 * the feed says something new of the caller.
 */
public final class Principal {
  /** The method of callers who proved nothing. */
  public static final String NONE = "anonymous";

  /** The method of callers with an API key. */
  public static final String API_KEY = "api-key";

  /** The method of callers with a token of an identity provider. */
  public static final String JWT = "jwt";

  private final String subject;
  private final Set<String> roles;
  private final Set<String> scopes;
  private final String method;
  private final Optional<String> keyId;
  private final Optional<TokenOrigin> token;
  private final boolean admittedByRoute;
  private final SignedContexts signedContexts = new SignedContexts();

  /**
   * A caller.
   *
   * @param subject who
   * @param roles what the caller may do at the tenant
   * @param scopes what the credential may be used for
   * @param method how it was proved: {@link #NONE}, {@link #API_KEY} or {@link #JWT}
   * @param keyId the public part of the API key, where it was one
   * @param token where the token came from, where it was one
   * @param admittedByRoute whether it is the route that admits the caller, and not the tenant
   */
  private Principal(
      String subject,
      Set<String> roles,
      Set<String> scopes,
      String method,
      Optional<String> keyId,
      Optional<TokenOrigin> token,
      boolean admittedByRoute) {
    this.subject = subject;
    this.roles = Set.copyOf(roles);
    this.scopes = Set.copyOf(scopes);
    this.method = method;
    this.keyId = keyId;
    this.token = token;
    this.admittedByRoute = admittedByRoute;
  }

  /** Everybody who comes to one tenant without a credential. */
  public static Principal anonymous() {
    return anonymous(false);
  }

  /** The same, for routes that are open at a tenant which lets nobody else in so. */
  public static Principal anonymousByRoute() {
    return anonymous(true);
  }

  private static Principal anonymous(boolean byRoute) {
    return new Principal(
        "anonymous", Set.of(), Set.of(), NONE, Optional.empty(), Optional.empty(), byRoute);
  }

  /**
   * Whoever comes with an API key.
   *
   * @param keyId the public part of the key
   */
  public static Principal withApiKey(
      String keyId, String subject, Set<String> roles, Set<String> scopes) {
    return new Principal(
        subject, roles, scopes, API_KEY, Optional.of(keyId), Optional.empty(), false);
  }

  /** Whoever comes with a token of one of the tenant's identity providers. */
  public static Principal withToken(
      String subject, Set<String> roles, Set<String> scopes, TokenOrigin origin) {
    return new Principal(subject, roles, scopes, JWT, Optional.empty(), Optional.of(origin), false);
  }

  /** Who. */
  public String subject() {
    return subject;
  }

  /** What the caller may do at the tenant. */
  public Set<String> roles() {
    return roles;
  }

  /** What the credential may be used for, in the application's words; empty if it has none. */
  public Set<String> scopes() {
    return scopes;
  }

  /** How it was proved. */
  public String method() {
    return method;
  }

  /** The public part of the API key that the caller came with. */
  public Optional<String> keyId() {
    return keyId;
  }

  /** Where the token came from that the caller came with. */
  public Optional<TokenOrigin> token() {
    return token;
  }

  /** Whether only an open route lets the caller in. */
  public boolean admittedByRoute() {
    return admittedByRoute;
  }

  /** Whether the upstream is not to see the header Authorization: it was for the gateway. */
  public boolean withholdsAuthorization() {
    return token.isPresent() && !token.get().isForwarded();
  }

  /** What was signed for the caller and can be used again. */
  public SignedContexts signedContexts() {
    return signedContexts;
  }
}
