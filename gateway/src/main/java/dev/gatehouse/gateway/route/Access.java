package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.RouteAccess;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.rejection.Rejection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a route asks of its callers. Immutable, shared by all threads.
 *
 * @param methods names of the ways of proving who calls that count; empty for all
 * @param roles one of which the caller must have; empty for none
 * @param scopes all of which the credential must have
 */
record Access(Set<String> methods, Set<String> roles, Set<String> scopes, boolean isOpen) {
  static Access of(RouteAccess access) {
    return new Access(
        access.methods().orElse(Set.of()).stream()
            .map(AuthenticationMethod::wireName)
            .collect(Collectors.toUnmodifiableSet()),
        access.roles().orElse(Set.of()),
        access.scopes().orElse(Set.of()),
        access.isOpen());
  }

  /**
   * @throws Rejection.Unauthenticated if the caller proved nothing, and something is asked for
   * @throws Rejection.Forbidden if that is not enough
   */
  void require(Principal caller) {
    boolean anonymous = caller.method().equals(Principal.NONE);
    if (!methods.isEmpty() && !methods.contains(caller.method())) {
      throw anonymous
          ? Rejection.Unauthenticated.NO_CREDENTIAL
          : Rejection.Forbidden.method(list(methods));
    }
    if (!roles.isEmpty() && Collections.disjoint(roles, caller.roles())) {
      throw anonymous
          ? Rejection.Unauthenticated.NO_CREDENTIAL
          : Rejection.Forbidden.roles(list(roles));
    }
    if (!caller.scopes().containsAll(scopes)) {
      throw anonymous
          ? Rejection.Unauthenticated.NO_CREDENTIAL
          : Rejection.Forbidden.scopes(String.join(" ", new TreeSet<>(scopes)));
    }
  }

  private static String list(Set<String> words) {
    return String.join(", ", new TreeSet<>(words));
  }
}
