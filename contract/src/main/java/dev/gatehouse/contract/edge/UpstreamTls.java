package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tls.CertificateAndKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * How the gateways and those endpoints of a service that speak TLS prove to each other who they
 * are. What is absent is as the gateway's configuration has it.
 *
 * @param trust PEM of the authorities whose certificates the endpoints may have, and no others;
 *     those that the gateway trusts anyway ({@code upstream.trust}) if absent
 * @param serverName what the gateway asks for (SNI) and what must stand in the certificates; the
 *     endpoint's host if absent
 * @param clientCertificate what the gateway shows of itself where it is asked; nothing if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record UpstreamTls(
    Optional<String> trust,
    Optional<String> serverName,
    Optional<ClientCertificate> clientCertificate) {
  /** The most characters of {@link #trust}. */
  public static final int MAX_TRUST_LENGTH = 64 * 1024;

  /** The most authorities. */
  public static final int MAX_AUTHORITIES = 20;

  /**
   * @throws IllegalArgumentException if the authorities cannot be read or are too many, or the name
   *     is none
   */
  public UpstreamTls {
    trust.ifPresent(UpstreamTls::authorities);
    serverName.ifPresent(Hostname::parse);
  }

  /** The authorities; empty where the gateway's own count. */
  public List<X509Certificate> authorities() {
    return trust.map(UpstreamTls::authorities).orElse(List.of());
  }

  private static List<X509Certificate> authorities(String pem) {
    Range.check("length of tls.trust", pem.length(), 1, MAX_TRUST_LENGTH);
    List<X509Certificate> read;
    try {
      read = CertificateAndKey.parseChain(pem);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tls.trust: " + e.getMessage(), e);
    }
    Range.check("number of authorities of tls.trust", read.size(), 1, MAX_AUTHORITIES);
    for (X509Certificate authority : read) {
      if (authority.getBasicConstraints() < 0) {
        throw new IllegalArgumentException(
            "tls.trust must hold certificates of authorities, found that of "
                + authority.getSubjectX500Principal());
      }
    }
    return read;
  }

  /**
   * What the gateways prove to endpoints who they are with.
   *
   * @param chain certificates as PEM, the gateways' own first
   * @param privateKey its key, PKCS #8 as PEM; never logged
   */
  public record ClientCertificate(String chain, String privateKey) {
    /**
     * @throws IllegalArgumentException if one cannot be read, or they do not belong together; the
     *     message repeats nothing of the key
     */
    public ClientCertificate {
      Range.check("length of chain", chain.length(), 1, EdgeCertificate.MAX_CHAIN_LENGTH);
      Range.check("length of privateKey", privateKey.length(), 1, EdgeCertificate.MAX_KEY_LENGTH);
      CertificateAndKey.parse(chain, privateKey).requireMatch();
    }

    /** Both, as they are used. */
    public CertificateAndKey read() {
      return CertificateAndKey.parse(chain, privateKey);
    }

    /** Does not show the key. */
    @Override
    public String toString() {
      return "ClientCertificate[chain=" + chain + "]";
    }
  }
}
