package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.gateway.resolve.Resolved;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request whose caller is known to the tenant.
 *
 * @param request what was resolved
 * @param principal who calls
 * @param others what else the request proves, such as whose certificate its connection came with;
 *     empty for nearly every request
 */
public record Authenticated(Resolved request, Principal principal, List<Principal> others)
    implements Authentication {
  /** A request that proves one thing. */
  public Authenticated(Resolved request, Principal principal) {
    this(request, principal, List.of());
  }

  /** All that the request proves. */
  public List<Principal> proofs() {
    return Stream.concat(Stream.of(principal), others.stream()).toList();
  }

  /** Whether the upstream is not to see the header Authorization: it was for the gateway. */
  public boolean withholdsAuthorization() {
    return principal.credential().withholdsAuthorization();
  }

  /** Whether the request proves something in this way. */
  public boolean proves(AuthenticationMethod method) {
    if (principal.method() == method) {
      return true;
    }
    for (int i = 0; i < others.size(); i++) {
      if (others.get(i).method() == method) {
        return true;
      }
    }
    return false;
  }
}
