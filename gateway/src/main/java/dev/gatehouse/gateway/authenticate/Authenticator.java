package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.gateway.authenticate.decision.DecisionService;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.login.Anonymous;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.route.Route;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers in as the tenant's policy says. A request may prove more than one thing: the first
 * of the ways that is used says who calls, and nothing that is not so is overlooked for it.
 */
public final class Authenticator {
  private final List<ProofReader> readers;
  private final DecisionService decisions;

  /**
   * @param readers the ways in which a request proves something by itself; the first says who calls
   * @param decisions asked where the request proves nothing by itself
   */
  public Authenticator(List<ProofReader> readers, DecisionService decisions) {
    this.readers = List.copyOf(readers);
    this.decisions = decisions;
  }

  /**
   * Finds out who calls.
   *
   * @param evidence what was found out for this request before
   * @throws Rejection.Unauthenticated if the caller may not come in; also one who came with a bad
   *     credential where anonymous callers are welcome
   * @throws Rejection.IdentityProviderUnavailable if that cannot be found out now
   */
  public Authentication authenticate(Resolved request, Evidence evidence) {
    Proofs proofs = new Proofs();
    for (ProofReader reader : readers) {
      switch (reader.read(request, evidence)) {
        case Principal proved -> proofs.add(proved);
        case Authentication.Awaited awaited -> {
          return awaited;
        }
        case Proof.None _ -> {}
      }
    }
    if (request.tenant().allows(AuthenticationMethod.FORWARD_AUTH)
        && (proofs.first == null || asksForDecision(request))) {
      switch (decisions.read(request, evidence)) {
        case Principal decided -> proofs.add(decided);
        case Authentication.Awaited awaited -> {
          return awaited;
        }
        case Proof.None _ -> {}
      }
    }
    return proofs.first == null
        ? withoutCredential(request)
        : new Authenticated(request, proofs.first, proofs.others);
  }

  /** What one request proves, most of the time one thing. */
  private static final class Proofs {
    private @Nullable Principal first;
    private List<Principal> others = List.of();

    void add(Principal proved) {
      if (first == null) {
        first = proved;
      } else {
        List<Principal> more = new ArrayList<>(others);
        more.add(proved);
        others = List.copyOf(more);
      }
    }
  }

  private static Authentication withoutCredential(Resolved request) {
    Tenant tenant = request.tenant();
    if (tenant.allows(AuthenticationMethod.ANONYMOUS)) {
      return new Authenticated(request, tenant.anonymous());
    }
    boolean key = PresentedKey.of(request.request().head().headers()).present();
    if (!key && isOpen(request)) {
      return new Authenticated(request, tenant.anonymousByRoute());
    }
    if (!key
        && tenant.allows(AuthenticationMethod.CLIENT_CERTIFICATE)
        && request.request().head().peerCertificates().wereNotAskedFor()) {
      throw Rejection.Misdirected.NOT_ASKED_FOR_CERTIFICATE;
    }
    throw key ? Rejection.Unauthenticated.BAD_CREDENTIAL : Anonymous.refusal(request);
  }

  /** Asked only of requests that would be refused: their routes are looked for twice. */
  private static boolean isOpen(Resolved request) {
    Route route = routeOf(request);
    return route != null && route.isOpen();
  }

  /** Asked only at tenants with a decision service. */
  private static boolean asksForDecision(Resolved request) {
    Route route = routeOf(request);
    return route != null && route.requires(AuthenticationMethod.FORWARD_AUTH);
  }

  private static @Nullable Route routeOf(Resolved request) {
    return request.directory().routingTable().match(request.hostClass(), request.request());
  }
}
