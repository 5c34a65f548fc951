package dev.gatehouse.controlplane.domain;

import java.util.Optional;

/**
 * A domain that is to be looked at.
 *
 * @param domain as it is
 * @param holder the domain of another tenant that has the host now
 * @param hadAnother whether another tenant has, or had, the host or a wildcard above it: it may
 *     lead to the platform for that one still, so that what it answers itself proves nothing
 */
record DomainClaim(Domain domain, Optional<Domain> holder, boolean hadAnother) {
  /** Whether only the DNS can prove it. */
  boolean byDnsOnly() {
    return hadAnother
        || domain.ownership().provedBy().filter(proof -> proof == Proof.DNS).isPresent();
  }
}
