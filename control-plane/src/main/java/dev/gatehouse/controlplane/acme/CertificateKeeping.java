package dev.gatehouse.controlplane.acme;

import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.acme.CertificateOrder.UnderWay;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.certificate.CertificateService;
import dev.gatehouse.controlplane.certificate.HostCertificate;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler.Next;
import dev.gatehouse.controlplane.secret.SecretColumn;
import dev.gatehouse.controlplane.secret.TenantSealers;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a host's order, in the database and at the edge. Every method is a whole
 * transaction's work: it locks the tenant first, and does nothing where the host is no longer the
 * tenant's.
 */
final class CertificateKeeping {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateKeeping.class);
  private static final String ACTION = "certificate.";

  private final CertificateOrderStore orders;
  private final CertificateService certificates;
  private final DomainService domains;
  private final TenantService tenants;
  private final EdgePublisher publisher;
  private final TenantSealers sealers;
  private final AuditService audit;
  private final InstantSource clock;

  CertificateKeeping(
      CertificateOrderStore orders,
      CertificateService certificates,
      DomainService domains,
      TenantService tenants,
      EdgePublisher publisher,
      TenantSealers sealers,
      AuditService audit,
      InstantSource clock) {
    this.orders = orders;
    this.certificates = certificates;
    this.domains = domains;
    this.tenants = tenants;
    this.publisher = publisher;
    this.sealers = sealers;
    this.audit = audit;
    this.clock = clock;
  }

  /** Where the keys of orders are kept. */
  SecretColumn keys(SqlConnection connection, Host host) {
    return new SecretColumn(sealers.of(connection, host.tenant()), "certificate_order.private_key");
  }

  /** A host of a tenant. */
  record Host(UUID tenant, String name) {
    /** The one that a job is about. */
    static Host of(Job job) {
      return new Host(
          UUID.fromString(job.payload().getString("tenant")), job.payload().getString("host"));
    }

    String resource() {
      return "/v1/tenants/" + tenant + "/domains/" + name;
    }
  }

  /** What follows where the host is the tenant's still. */
  @FunctionalInterface
  private interface Work {
    Next apply(CertificateOrder order);
  }

  private Next whileServed(SqlConnection tx, Host host, Work work) {
    boolean served =
        tenants.lockById(tx, host.tenant()).isPresent()
            && domains.isServed(tx, host.tenant(), host.name());
    return served ? work.apply(orders.open(tx, host.tenant(), host.name())) : forget(tx, host);
  }

  /** The host is not the tenant's, or not any more: what was ordered for it goes. */
  Next forget(SqlConnection tx, Host host) {
    orders.delete(tx, host.tenant(), host.name());
    certificates
        .ordered(tx, host.tenant(), host.name())
        .ifPresent(certificate -> certificates.delete(tx, certificate));
    unpublish(tx, host);
    return Next.done();
  }

  /** The domain was removed; but it may have come back meanwhile. */
  Next removed(SqlConnection tx, Host host) {
    return whileServed(tx, host, _ -> Next.done());
  }

  /** It has a certificate, until this time at least. */
  Next provided(SqlConnection tx, Host host, String how, Instant until) {
    return whileServed(
        tx,
        host,
        _ -> {
          say(tx, host, "issued", how);
          return Next.again(until);
        });
  }

  /** It has to wait for its turn. */
  Next postponed(SqlConnection tx, Host host, String why, Instant until) {
    return whileServed(
        tx,
        host,
        order -> {
          if (hasNone(tx, host)) {
            say(tx, host, "pending", why);
          }
          return Next.again(until);
        });
  }

  /**
   * It is ordered.
   *
   * @param location where the authority has the order
   * @param key what the certificate will be for, as {@link EcKeys#write} gives it
   * @param answer what gateways have to know before the authority is told to ask
   */
  Next begun(
      SqlConnection tx,
      Host host,
      String location,
      String key,
      Optional<EdgeAcmeChallenge> answer) {
    return whileServed(
        tx,
        host,
        order -> {
          Instant now = clock.instant();
          if (hasNone(tx, host)) {
            say(tx, host, "pending", "A certificate is being ordered.");
          }
          long revision = answer.map(known -> publisher.upsert(tx, known)).orElse(0L);
          orders.begin(
              tx,
              order.id(),
              new UnderWay(location, keys(tx, host).seal(order.id(), key, now), revision, now));
          return Next.again(now);
        });
  }

  /** It is issued. */
  Next issued(SqlConnection tx, Host host, CertificateAndKey issued) {
    return whileServed(
        tx,
        host,
        order -> {
          orders.end(tx, order.id(), 0);
          String until = issued.certificate().getNotAfter().toInstant().toString();
          say(tx, host, "issued", "It is valid until " + until + " and renewed before.");
          unpublish(tx, host);
          HostCertificate kept =
              certificates.keepOrdered(tx, host.tenant(), host.name(), issued).certificate();
          record(tx, host, "issued", new JsonObject().put("notAfter", until));
          LOG.info("certificate of {} issued, valid until {}", host.name(), until);
          return Next.again(RenewalSchedule.renewalOf(kept, ThreadLocalRandom.current()));
        });
  }

  /**
   * It is not issued, and tried again after a while.
   *
   * @param notBefore when the authority lets it be tried again, if it says that
   */
  Next failed(SqlConnection tx, Host host, String why, Optional<Instant> notBefore) {
    return whileServed(
        tx,
        host,
        order -> {
          int failures = order.failures() + 1;
          orders.end(tx, order.id(), failures);
          Instant now = clock.instant();
          Instant next = now.plus(RenewalSchedule.pauseAfter(failures));
          if (notBefore.filter(next::isBefore).isPresent()) {
            next = notBefore.get();
          }
          Optional<HostCertificate> before = certificates.ordered(tx, host.tenant(), host.name());
          say(tx, host, stateOf(before, now), why + " It is tried again at " + next + ".");
          unpublish(tx, host);
          record(tx, host, "failed", new JsonObject().put("reason", why).put("failures", failures));
          LOG.warn("certificate of {} not issued, failure {}: {}", host.name(), failures, why);
          return Next.again(next);
        });
  }

  private static String stateOf(Optional<HostCertificate> before, Instant now) {
    return before.isEmpty()
        ? "failed"
        : before.get().notAfter().isAfter(now) ? "issued" : "expired";
  }

  private boolean hasNone(SqlConnection tx, Host host) {
    return certificates.ordered(tx, host.tenant(), host.name()).isEmpty();
  }

  private void say(SqlConnection tx, Host host, String state, String reason) {
    domains.certificateIs(tx, host.tenant(), host.name(), state, reason);
  }

  private void unpublish(SqlConnection tx, Host host) {
    publisher.remove(tx, EdgeObject.Kind.ACME_CHALLENGE, host.name());
  }

  private void record(SqlConnection tx, Host host, String what, JsonObject after) {
    audit.system(
        tx, host.tenant(), ACTION + what, host.resource(), Optional.empty(), Optional.of(after));
  }
}
