package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may use a route. What is absent asks for nothing that the tenant does not ask for.
 *
 * @param methods the ways of proving who calls that count here. {@code anonymous} among them opens
 *     the route to callers without a credential, also of tenants that let none in elsewhere; the
 *     others count where the tenant allows them, too
 * @param requiredMethods ways in all of which the caller must have proved it, such as {@code
 *     client-certificate} besides one of {@code methods}
 * @param roles the caller must have one of them
 * @param scopes the credential must have all of them
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteAccess(
    Optional<Set<AuthenticationMethod>> methods,
    Optional<Set<AuthenticationMethod>> requiredMethods,
    Optional<Set<String>> roles,
    Optional<Set<String>> scopes) {
  private static final int MAX_WORDS = 50;

  /** A request has one place for them: the header {@code Authorization}, or else a cookie. */
  private static final Set<AuthenticationMethod> EXCLUSIVE =
      EnumSet.of(
          AuthenticationMethod.JWT,
          AuthenticationMethod.INTROSPECTION,
          AuthenticationMethod.SESSION,
          AuthenticationMethod.ACCOUNT);

  private static final Pattern WORD = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,100}");

  /**
   * @throws IllegalArgumentException if a set is empty or too large, a role or scope is no scope
   *     token (RFC 6749 section 3.3), or something is asked of callers who prove nothing
   */
  public RouteAccess {
    methods = methods.map(Set::copyOf);
    methods.ifPresent(
        set -> Range.check("size of methods", set.size(), 1, AuthenticationMethod.values().length));
    requiredMethods = requiredMethods.map(Set::copyOf);
    requiredMethods.ifPresent(RouteAccess::checkRequired);
    roles = roles.map(Set::copyOf);
    roles.ifPresent(words -> check("roles", words));
    scopes = scopes.map(Set::copyOf);
    scopes.ifPresent(words -> check("scopes", words));
    if (opens(methods)
        && (roles.isPresent() || scopes.isPresent() || requiredMethods.isPresent())) {
      throw new IllegalArgumentException(
          "access cannot ask anonymous callers for methods, roles or scopes: they have none");
    }
  }

  /** Whether callers without a credential are let in. */
  @JsonIgnore
  public boolean isOpen() {
    return opens(methods);
  }

  private static boolean opens(Optional<Set<AuthenticationMethod>> methods) {
    return methods.filter(set -> set.contains(AuthenticationMethod.ANONYMOUS)).isPresent();
  }

  private static void checkRequired(Set<AuthenticationMethod> required) {
    Range.check(
        "size of requiredMethods", required.size(), 1, AuthenticationMethod.values().length);
    if (required.contains(AuthenticationMethod.ANONYMOUS)) {
      throw new IllegalArgumentException("requiredMethods must name proofs, and anonymous is none");
    }
    if (required.stream().filter(EXCLUSIVE::contains).count() > 1) {
      throw new IllegalArgumentException(
          "requiredMethods can name one of jwt, introspection, session and account: no request can bring"
              + " two of them");
    }
  }

  private static void check(String what, Set<String> words) {
    Range.check("size of " + what, words.size(), 1, MAX_WORDS);
    for (String word : words) {
      if (!WORD.matcher(word).matches()) {
        throw new IllegalArgumentException(
            what
                + " must be words of 1 to 100 characters without spaces, quotes and backslashes,"
                + " found \""
                + word
                + "\"");
      }
    }
  }
}
