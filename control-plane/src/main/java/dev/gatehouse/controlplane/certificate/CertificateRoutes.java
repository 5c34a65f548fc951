package dev.gatehouse.controlplane.certificate;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/tenants/{tenant}/certificates}, and {@code /v1/certificates} for the platform's. */
public final class CertificateRoutes {
  private final CertificateService certificates;
  private final TenantService tenants;
  private final Pages pages;

  public CertificateRoutes(CertificateService certificates, TenantService tenants, Pages pages) {
    this.certificates = certificates;
    this.tenants = tenants;
    this.pages = pages;
  }

  /** Whose certificates an operation is about; it locks the owner where it changes something. */
  @FunctionalInterface
  private interface Owner {
    Optional<UUID> of(ApiRequest request, SqlConnection connection);
  }

  /** Binds the operations on certificates. */
  public void bind(Api api) {
    Owner reading = (request, tx) -> Optional.of(tenants.find(tx, request.path("tenant")).id());
    Owner writing = (request, tx) -> Optional.of(tenants.lock(tx, request.path("tenant")).id());
    Owner platform = (_, _) -> Optional.empty();
    api.perform("createCertificate", (request, tx) -> create(request, tx, writing))
        .perform("listCertificates", (request, tx) -> list(request, tx, reading))
        .perform("getCertificate", (request, tx) -> get(request, tx, reading))
        .perform("replaceCertificate", (request, tx) -> replace(request, tx, writing))
        .perform("deleteCertificate", (request, tx) -> delete(request, tx, writing))
        .perform("createPlatformCertificate", (request, tx) -> create(request, tx, platform))
        .perform("listPlatformCertificates", (request, tx) -> list(request, tx, platform))
        .perform("getPlatformCertificate", (request, tx) -> get(request, tx, platform))
        .perform("replacePlatformCertificate", (request, tx) -> replace(request, tx, platform))
        .perform("deletePlatformCertificate", (request, tx) -> delete(request, tx, platform));
  }

  private Answer create(ApiRequest request, SqlConnection tx, Owner owner) {
    Optional<UUID> tenant = owner.of(request, tx);
    CertificateService.Published created = certificates.create(tx, tenant, request.body());
    HostCertificate certificate = created.certificate();
    return on(
        tenant,
        Answer.created(certificate.path(), certificate.toJson())
            .withVersion(certificate.version())
            .atRevision(created.revision()));
  }

  private Answer list(ApiRequest request, SqlConnection connection, Owner owner) {
    Optional<UUID> tenant = owner.of(request, connection);
    return pages.answer(
        request,
        (after, count) -> certificates.list(connection, tenant, after.map(UUID::fromString), count),
        certificate -> certificate.id().toString(),
        HostCertificate::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection, Owner owner) {
    HostCertificate certificate = find(request, connection, owner.of(request, connection));
    return Answer.ok(certificate.toJson()).withVersion(certificate.version());
  }

  private Answer replace(ApiRequest request, SqlConnection tx, Owner owner) {
    Optional<UUID> tenant = owner.of(request, tx);
    HostCertificate before = find(request, tx, tenant);
    request.requireVersion(before.version());
    CertificateService.Published now = certificates.replace(tx, before, request.body());
    return on(
        tenant,
        Answer.ok(now.certificate().toJson())
            .withVersion(now.certificate().version())
            .atRevision(now.revision())
            .replacing(before.toJson()));
  }

  private Answer delete(ApiRequest request, SqlConnection tx, Owner owner) {
    Optional<UUID> tenant = owner.of(request, tx);
    HostCertificate before = find(request, tx, tenant);
    request.requireVersion(before.version());
    return on(
        tenant,
        Answer.noContent().atRevision(certificates.delete(tx, before)).replacing(before.toJson()));
  }

  private HostCertificate find(
      ApiRequest request, SqlConnection connection, Optional<UUID> tenant) {
    return certificates.find(connection, tenant, UUID.fromString(request.path("certificate")));
  }

  private static Answer on(Optional<UUID> tenant, Answer answer) {
    return tenant.map(answer::onTenant).orElse(answer);
  }
}
