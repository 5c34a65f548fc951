package dev.gatehouse.controlplane.certificate;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.secret.SealedSecret;
import dev.gatehouse.controlplane.secret.SecretColumn;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The rules of certificates. An absent tenant is the platform. Who changes a tenant's has locked
 * the tenant.
 */
public final class CertificateService {
  /** How many a tenant, or the platform, may have uploaded. */
  static final int MAX_UPLOADED = 50;

  private final HostCertificateStore store = new HostCertificateStore();
  private final EdgePublisher publisher;
  private final TenantSealers sealers;
  private final InstantSource clock;

  /**
   * @param sealers seal the private keys
   * @param clock says which certificates have expired
   */
  public CertificateService(EdgePublisher publisher, TenantSealers sealers, InstantSource clock) {
    this.publisher = publisher;
    this.sealers = sealers;
    this.clock = clock;
  }

  /** A certificate that was written, and the revision at which the edge knows of it. */
  public record Published(HostCertificate certificate, long revision) {}

  /**
   * Takes what was uploaded.
   *
   * @throws ProblemException {@code TOO_MANY_CERTIFICATES} or {@code INVALID_BODY}
   */
  Published create(SqlConnection tx, Optional<UUID> tenant, JsonObject wanted) {
    if (store.countUploaded(tx, tenant) >= MAX_UPLOADED) {
      throw new ProblemException(
          Problem.TOO_MANY_CERTIFICATES,
          "at most " + MAX_UPLOADED + " certificates can be uploaded: delete one, or replace it");
    }
    CertificateAndKey read = ServerCertificateRules.read(wanted, clock.instant());
    return insert(tx, tenant, Optional.empty(), read);
  }

  /**
   * Keeps what was ordered for a host of a tenant, in place of what was ordered before.
   *
   * @param issued by an authority that the operator trusts
   */
  public Published keepOrdered(
      SqlConnection tx, UUID tenant, String host, CertificateAndKey issued) {
    Optional<HostCertificate> before = store.ofHost(tx, tenant, host);
    return before.isPresent()
        ? write(tx, before.get(), issued)
        : insert(tx, Optional.of(tenant), Optional.of(host), issued);
  }

  /** The one that was ordered for a host of a tenant. */
  public Optional<HostCertificate> ordered(SqlConnection connection, UUID tenant, String host) {
    return store.ofHost(connection, tenant, host);
  }

  /**
   * The one that a tenant has uploaded for a host, or for its wildcard, that is valid longest.
   *
   * @param beyond it must be valid for longer than this
   */
  public Optional<HostCertificate> uploadedFor(
      SqlConnection connection, UUID tenant, String host, Instant beyond) {
    return store.uploaded(connection, tenant, beyond, MAX_UPLOADED).stream()
        .filter(one -> CertificateAndKey.isFor(host, CertificateAndKey.parseChain(one.chain())))
        .max((one, other) -> one.notAfter().compareTo(other.notAfter()));
  }

  HostCertificate find(SqlConnection connection, Optional<UUID> tenant, UUID id) {
    return store
        .find(connection, tenant, id)
        .orElseThrow(() ->
            new ProblemException(
                Problem.CERTIFICATE_NOT_FOUND, "there is no certificate with the id " + id));
  }

  List<HostCertificate> list(
      SqlConnection connection, Optional<UUID> tenant, Optional<UUID> after, int count) {
    return store.list(connection, tenant, after, count);
  }

  /**
   * Puts another in its place, which the next handshake shows.
   *
   * @throws ProblemException {@code CERTIFICATE_IS_ORDERED} or {@code INVALID_BODY}
   */
  Published replace(SqlConnection tx, HostCertificate certificate, JsonObject wanted) {
    if (certificate.host().isPresent()) {
      throw new ProblemException(
          Problem.CERTIFICATE_IS_ORDERED,
          "it was ordered for "
              + certificate.host().get()
              + " and is renewed by itself: upload another beside it");
    }
    return write(tx, certificate, ServerCertificateRules.read(wanted, clock.instant()));
  }

  /** Returns the revision at which nobody is shown it any more. */
  public long delete(SqlConnection tx, HostCertificate certificate) {
    store.delete(tx, certificate.id());
    return publisher.remove(tx, EdgeObject.Kind.CERTIFICATE, certificate.id().toString());
  }

  /** Erases those of a deleted tenant. */
  public boolean erase(SqlConnection tx, UUID tenant) {
    List<String> ids = store.deleteAll(tx, tenant).stream().map(UUID::toString).toList();
    publisher.removeAll(tx, EdgeObject.Kind.CERTIFICATE, ids);
    return true;
  }

  private Published insert(
      SqlConnection tx, Optional<UUID> tenant, Optional<String> host, CertificateAndKey read) {
    UUID id = UuidCreator.getTimeOrderedEpoch();
    SealedSecret key = keys(tx, tenant).seal(id, read.keyPem(), clock.instant());
    return published(
        tx, store.insert(tx, id, tenant, host, read.chainPem(), key, endOf(read)), read);
  }

  private Published write(SqlConnection tx, HostCertificate before, CertificateAndKey read) {
    SealedSecret key =
        keys(tx, before.tenantId()).seal(before.id(), read.keyPem(), clock.instant());
    return published(tx, store.update(tx, before.id(), read.chainPem(), key, endOf(read)), read);
  }

  private SecretColumn keys(SqlConnection tx, Optional<UUID> tenant) {
    return new SecretColumn(sealers.of(tx, tenant), "certificate.private_key");
  }

  private Published published(SqlConnection tx, HostCertificate written, CertificateAndKey read) {
    return new Published(written, publisher.upsert(tx, written.toEdge(read.keyPem())));
  }

  private static Instant endOf(CertificateAndKey read) {
    return read.certificate().getNotAfter().toInstant();
  }
}
