package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.certificate.CertificateFault;
import dev.gatehouse.gateway.authenticate.certificate.CertificateMeters;
import dev.gatehouse.gateway.authenticate.certificate.TenantAuthorities;
import dev.gatehouse.gateway.authenticate.certificate.TenantAuthorities.Verdict;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.tls.PeerCertificates;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Callers whose connection came with a certificate of one of the tenant's own authorities. At a
 * tenant that has none a certificate says nothing by itself: it may be there for the token that is
 * bound to it (RFC 8705 section 4).
 */
public final class ClientCertificates implements ProofReader {
  private final InstantSource clock;
  private final int cachedPerTenant;
  private final CertificateMeters meters;

  /**
   * @param clock tells which certificates have expired
   */
  public ClientCertificates(InstantSource clock, AuthenticateConfig config, MeterRegistry metrics) {
    this.clock = clock;
    this.cachedPerTenant = config.cachedTokensPerTenant();
    this.meters = new CertificateMeters(metrics);
  }

  @Override
  public Proof read(Resolved request, Evidence evidence) {
    if (!request.tenant().allows(AuthenticationMethod.CLIENT_CERTIFICATE)) {
      return Proof.NONE;
    }
    PeerCertificates shown = request.request().head().peerCertificates();
    Optional<TokenDigest> digest = shown.digest();
    TenantAuthorities authorities =
        request.directory().identities().authoritiesOf(request.tenant().edge().id());
    if (digest.isEmpty() || authorities.edges().isEmpty()) {
      return Proof.NONE;
    }
    return switch (verdict(authorities, digest.get(), shown)) {
      case Verdict.Vouched(Principal principal) -> principal;
      case Verdict.Refused(CertificateFault fault) ->
          throw Rejection.Unauthenticated.certificate(fault.told());
    };
  }

  private Verdict verdict(
      TenantAuthorities authorities, TokenDigest digest, PeerCertificates shown) {
    long now = clock.millis();
    Verdict known = authorities.known(digest, now);
    if (known != null) {
      return known;
    }
    Verdict verdict = authorities.verify(digest, shown.chain(), now, cachedPerTenant);
    meters.count(verdict);
    return verdict;
  }
}
