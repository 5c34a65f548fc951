package dev.gatehouse.gateway.authenticate;

import java.util.Set;

/**
 * The authenticated caller.
 *
 * @param subject who
 * @param roles what the caller may do at the tenant
 * @param method how it was proved: {@link #NONE} or {@link #API_KEY}
 */
public record Principal(String subject, Set<String> roles, String method) {
  /** The method of callers who proved nothing. */
  public static final String NONE = "anonymous";

  /** The method of callers with an API key. */
  public static final String API_KEY = "api-key";

  /** Everybody who came without a credential, where the tenant allows it. */
  public static final Principal ANONYMOUS = new Principal("anonymous", Set.of(), NONE);

  public Principal {
    roles = Set.copyOf(roles);
  }
}
