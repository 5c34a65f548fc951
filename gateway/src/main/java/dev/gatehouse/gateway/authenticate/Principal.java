package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import java.util.Set;

/**
 * The authenticated caller at one tenant, and what was signed for it. Replaced, never changed, when
 * the feed says something new of the caller.
 */
public final class Principal implements Proof {
  private final String subject;
  private final Set<String> roles;
  private final Set<String> scopes;
  private final Credential credential;
  private final SignedContexts signedContexts = new SignedContexts();

  /**
   * A caller.
   *
   * @param subject who
   * @param roles what the caller may do at the tenant
   * @param scopes what the credential may be used for
   * @param credential how it was proved
   */
  public Principal(String subject, Set<String> roles, Set<String> scopes, Credential credential) {
    this.subject = subject;
    this.roles = Set.copyOf(roles);
    this.scopes = Set.copyOf(scopes);
    this.credential = credential;
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
    return new Principal("anonymous", Set.of(), Set.of(), new Credential.None(byRoute));
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
  public Credential credential() {
    return credential;
  }

  /** The way of proving that the credential belongs to. */
  public AuthenticationMethod method() {
    return credential.method();
  }

  /** Whether only an open route lets the caller in. */
  public boolean admittedByRoute() {
    return credential instanceof Credential.None none && none.byRoute();
  }

  /** What was signed for the caller and can be used again. */
  public SignedContexts signedContexts() {
    return signedContexts;
  }
}
