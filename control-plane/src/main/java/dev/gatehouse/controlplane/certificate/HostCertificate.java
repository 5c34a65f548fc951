package dev.gatehouse.controlplane.certificate;

import dev.gatehouse.contract.audit.Sha256;
import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate as it is stored.
 *
 * @param tenantId whose hosts it is for; the platform's if absent
 * @param host for which it was ordered; absent if it was uploaded
 * @param chain as PEM, the server's own first
 * @param privateKey sealed for this row
 * @param version counts the changes
 */
public record HostCertificate(
    UUID id,
    Optional<UUID> tenantId,
    Optional<String> host,
    String chain,
    SealedSecret privateKey,
    Instant notAfter,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  JsonObject toJson() {
    List<X509Certificate> certificates = CertificateAndKey.parseChain(chain);
    X509Certificate own = certificates.getFirst();
    JsonObject json =
        new JsonObject()
            .put("id", id.toString())
            .put("source", host.isPresent() ? "acme" : "uploaded")
            .put("names", new JsonArray(new ArrayList<>(CertificateAndKey.namesOf(own))))
            .put("subject", own.getSubjectX500Principal().getName(X500Principal.RFC2253))
            .put("issuer", own.getIssuerX500Principal().getName(X500Principal.RFC2253))
            .put("serial", own.getSerialNumber().toString(16))
            .put("keyType", own.getPublicKey().getAlgorithm())
            .put("notBefore", own.getNotBefore().toInstant().toString())
            .put("notAfter", notAfter.toString())
            .put("fingerprint", fingerprintOf(own))
            .put("chain", chain)
            .put("createdAt", createdAt.toString())
            .put("updatedAt", updatedAt.toString());
    host.ifPresent(value -> json.put("host", value));
    return json;
  }

  /** What the edge must know of it. */
  EdgeCertificate toEdge(String openedKey) {
    return new EdgeCertificate(id, tenantId, chain, openedKey);
  }

  /** Where it stands in the API. */
  String path() {
    return tenantId
            .map(tenant -> "/v1/tenants/" + tenant + "/certificates/")
            .orElse("/v1/certificates/")
        + id;
  }

  private static String fingerprintOf(X509Certificate certificate) {
    try {
      return HexFormat.of().formatHex(Sha256.of(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("it was read from its encoding", e);
    }
  }
}
