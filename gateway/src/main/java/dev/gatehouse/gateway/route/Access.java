package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.RouteAccess;
import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.login.Anonymous;
import dev.gatehouse.gateway.rejection.Rejection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a route asks of its callers. Immutable, shared by all threads.
 *
 * @param methods the ways of proving who calls that count, by which roles and scopes are told, too;
 *     empty for all
 * @param requiredMethods the ways in all of which the caller must have proved it
 * @param roles one of which the caller must have; empty for none
 * @param scopes all of which the credential must have
 * @param isOpen whether callers without a credential may use it
 */
record Access(
    Set<AuthenticationMethod> methods,
    Set<AuthenticationMethod> requiredMethods,
    Set<String> roles,
    Set<String> scopes,
    boolean isOpen) {
  static Access of(RouteAccess access) {
    return new Access(
        access.methods().orElse(Set.of()),
        access.requiredMethods().orElse(Set.of()),
        access.roles().orElse(Set.of()),
        access.scopes().orElse(Set.of()),
        access.isOpen());
  }

  /**
   * @throws Rejection.Unauthenticated if the caller proved nothing, and something is asked for
   * @throws Rejection.Forbidden if that is not enough
   * @throws Rejection.Misdirected if a certificate would be, and was not asked for
   */
  void require(Authenticated caller) {
    Principal principal = caller.principal();
    if (!methods.isEmpty() && !methods.contains(principal.method())) {
      throw lacksCertificate(caller)
          ? Rejection.Misdirected.NOT_ASKED_FOR_CERTIFICATE
          : refusal(caller, Rejection.Forbidden.method(list(methods)));
    }
    if (!requiredMethods.isEmpty() && !requiredMethods.stream().allMatch(caller::proves)) {
      throw lacksCertificate(caller)
          ? Rejection.Misdirected.NOT_ASKED_FOR_CERTIFICATE
          : refusal(caller, Rejection.Forbidden.allMethods(list(requiredMethods)));
    }
    if (!roles.isEmpty() && Collections.disjoint(roles, principal.roles())) {
      throw refusal(caller, Rejection.Forbidden.roles(String.join(", ", new TreeSet<>(roles))));
    }
    if (!principal.scopes().containsAll(scopes)) {
      throw refusal(caller, Rejection.Forbidden.scopes(String.join(" ", new TreeSet<>(scopes))));
    }
  }

  /** Whether the caller may have had no occasion to prove all that it can. */
  private boolean lacksCertificate(Authenticated caller) {
    AuthenticationMethod certificate = AuthenticationMethod.CLIENT_CERTIFICATE;
    return (methods.contains(certificate) || requiredMethods.contains(certificate))
        && caller.request().tenant().allows(certificate)
        && caller.request().request().head().peerCertificates().wereNotAskedFor();
  }

  /** Who proved nothing may try again with a credential. */
  private static Rejection refusal(Authenticated caller, Rejection.Forbidden forbidden) {
    return caller.principal().method() == AuthenticationMethod.ANONYMOUS
        ? Anonymous.refusal(caller.request())
        : forbidden;
  }

  private static String list(Set<AuthenticationMethod> methods) {
    return methods.stream()
        .map(AuthenticationMethod::wireName)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
