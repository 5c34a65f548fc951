package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.edge.DomainChallenge;
import dev.gatehouse.contract.edge.EdgeDomains;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.HostRedirect;
import dev.gatehouse.contract.tenant.Hostname;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the edge must know of a tenant's hosts.
 *
 * @param served hosts that are served by name
 * @param domains everything else
 */
public record EdgeHosts(List<Hostname> served, EdgeDomains domains) {
  /** Of a tenant that has no more than its subdomain. */
  public static final EdgeHosts NONE = new EdgeHosts(List.of(), EdgeDomains.NONE);

  /**
   * @param all the tenant's domains
   * @param subdomain where redirects lead that have no primary domain
   * @param oldSubdomains those that the tenant had under other slugs
   */
  static EdgeHosts of(List<Domain> all, Hostname subdomain, List<Hostname> oldSubdomains) {
    Hostname primary =
        all.stream()
            .filter(domain -> domain.isServed() && domain.role() == DomainRole.PRIMARY)
            .map(domain -> domain.name().host())
            .findFirst()
            .orElse(subdomain);
    List<Hostname> served = new ArrayList<>();
    List<Hostname> wildcards = new ArrayList<>();
    List<HostRedirect> redirects = new ArrayList<>();
    List<DomainChallenge> challenges = new ArrayList<>();
    for (Domain domain : all) {
      if (isAsked(domain)) {
        challenges.add(domain.challenge());
      }
      if (!domain.isServed()) {
        continue;
      }
      Hostname host = domain.name().host();
      if (domain.name().wildcard()) {
        wildcards.add(host);
      } else if (domain.role() == DomainRole.REDIRECT) {
        redirects.add(new HostRedirect(host, primary, domain.redirectStatus()));
      } else {
        served.add(host);
      }
    }
    oldSubdomains.forEach(
        old -> redirects.add(new HostRedirect(old, subdomain, OptionalInt.empty())));
    return new EdgeHosts(
        served, new EdgeDomains(filled(wildcards), filled(redirects), filled(challenges)));
  }

  /** The same tenant with these hosts. */
  public EdgeTenant addTo(EdgeTenant tenant) {
    return new EdgeTenant(
        tenant.id(),
        tenant.slug(),
        tenant.status(),
        served,
        tenant.authentication(),
        tenant.limits(),
        tenant.weight(),
        tenant.apiVersion(),
        tenant.services(),
        tenant.plan(),
        domains.equals(EdgeDomains.NONE) ? Optional.empty() : Optional.of(domains),
        tenant.name(),
        tenant.bounds(),
        tenant.exfiltration(),
        tenant.placement());
  }

  /** Whether the control plane may ask the host for its challenge. */
  private static boolean isAsked(Domain domain) {
    Ownership ownership = domain.ownership();
    boolean byHttp = ownership.provedBy().filter(proof -> proof != Proof.HTTP).isEmpty();
    return !domain.name().wildcard() && ownership.isChecked() && byHttp;
  }

  private static <T> Optional<List<T>> filled(List<T> list) {
    return list.isEmpty() ? Optional.empty() : Optional.of(list);
  }
}
