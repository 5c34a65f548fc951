package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.contract.tenant.Hostname;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the edge must know of a tenant's domains, besides the hosts that are served by name.
 *
 * @param wildcards every name one label below these is served, unless it is somebody's by itself
 * @param redirects hosts that send their clients to another host of the tenant
 * @param challenges questions by which the control plane finds out whether a host leads here
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeDomains(
    Optional<List<Hostname>> wildcards,
    Optional<List<HostRedirect>> redirects,
    Optional<List<DomainChallenge>> challenges) {
  /** There is nothing to know. */
  public static final EdgeDomains NONE =
      new EdgeDomains(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException if a redirect leads to a host that is itself redirected
   */
  public EdgeDomains {
    wildcards = wildcards.map(List::copyOf);
    redirects = redirects.map(List::copyOf);
    challenges = challenges.map(List::copyOf);
    redirects.ifPresent(EdgeDomains::refuseChains);
  }

  /** What no circle can be made of: a redirect's goal is never another redirect. */
  private static void refuseChains(List<HostRedirect> redirects) {
    Set<Hostname> redirected =
        redirects.stream().map(HostRedirect::host).collect(Collectors.toSet());
    redirects.forEach(redirect -> {
      if (redirected.contains(redirect.to())) {
        throw new IllegalArgumentException(
            "a redirect must lead to a host that is served, \""
                + redirect.to()
                + "\" is redirected itself");
      }
    });
  }
}
