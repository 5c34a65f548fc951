package dev.gatehouse.controlplane.acme;

import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.controlplane.acme.CertificateKeeping.Host;
import dev.gatehouse.controlplane.acme.CertificateOrder.UnderWay;
import dev.gatehouse.controlplane.certificate.CertificateService;
import dev.gatehouse.controlplane.certificate.HostCertificate;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.feed.GatewayFleet;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import io.vertx.sqlclient.SqlConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;

/**
 * Looks after the certificate of one host, for as long as the host is a tenant's. Each run is one
 * step of an order (RFC 8555 section 7.1.6), which is kept: begun, the challenge told to the
 * gateways, the authority told to ask, the key handed in, the certificate fetched. Where an
 * instance dies between two steps, another does the next.
 */
final class CertificateJob implements JobHandler {
  /** How long gateways may take to learn an answer before the authority asks. */
  private static final Duration PATIENCE_WITH_GATEWAYS = Duration.ofSeconds(10);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** Longer than any authority takes. */
  private static final Duration LONGEST_ORDER = Duration.ofHours(1);

  /** Somebody may have replaced what was uploaded. */
  private static final Duration LOOK_AT_UPLOADED = Duration.ofDays(1);

  /** An uploaded certificate that ends sooner than this does not keep one from being ordered. */
  private static final Duration ENDS_SOON = Duration.ofDays(7);

  private final Database database;
  private final CertificateOrderStore orders;
  private final CertificateService certificates;
  private final DomainService domains;
  private final CertificateKeeping keeping;
  private final GatewayFleet fleet;
  private final AcmeConfig config;
  private final AcmeAccounts accounts;
  private final ChallengeAnswers answers;
  private final InstantSource clock;

  CertificateJob(
      Database database,
      CertificateOrderStore orders,
      CertificateService certificates,
      DomainService domains,
      CertificateKeeping keeping,
      GatewayFleet fleet,
      AcmeConfig config,
      AcmeAccounts accounts,
      InstantSource clock) {
    this.database = database;
    this.orders = orders;
    this.certificates = certificates;
    this.domains = domains;
    this.keeping = keeping;
    this.fleet = fleet;
    this.config = config;
    this.accounts = accounts;
    this.answers = new ChallengeAnswers(config.challenge());
    this.clock = clock;
  }

  /** What is known of a host when a step begins. */
  private record Look(
      boolean served,
      Optional<HostCertificate> uploaded,
      Optional<HostCertificate> ordered,
      Optional<CertificateOrder> order) {
    Optional<UnderWay> underWay() {
      return order.flatMap(CertificateOrder::underWay);
    }
  }

  @Override
  public Effect run(Job job) {
    Host host = Host.of(job);
    Look look = database.withConnection(connection -> look(connection, host));
    Instant now = clock.instant();
    if (!look.served()) {
      return tx -> keeping.forget(tx, host);
    }
    if (look.underWay().isEmpty() && look.uploaded().isPresent()) {
      Instant end = look.uploaded().get().notAfter();
      return tx ->
          keeping.provided(
              tx, host, "Uploaded; it is valid until " + end + ".", now.plus(LOOK_AT_UPLOADED));
    }
    Optional<Instant> renewal =
        look.ordered()
            .map(one -> RenewalSchedule.renewalOf(one, ThreadLocalRandom.current()))
            .filter(now::isBefore);
    if (look.underWay().isEmpty() && renewal.isPresent() && !failedBefore(look)) {
      Instant end = look.ordered().orElseThrow().notAfter();
      return tx ->
          keeping.provided(
              tx, host, "It is valid until " + end + " and renewed before.", renewal.get());
    }
    return step(host, look, now);
  }

  /** A renewal that failed goes on, although chance has just put the time of it off. */
  private static boolean failedBefore(Look look) {
    return look.order().filter(order -> order.failures() > 0).isPresent();
  }

  private Look look(SqlConnection connection, Host host) {
    if (!domains.isServed(connection, host.tenant(), host.name())) {
      return new Look(false, Optional.empty(), Optional.empty(), Optional.empty());
    }
    Instant beyond = clock.instant().plus(ENDS_SOON);
    return new Look(
        true,
        certificates.uploadedFor(connection, host.tenant(), host.name(), beyond),
        certificates.ordered(connection, host.tenant(), host.name()),
        orders.find(connection, host.tenant(), host.name()));
  }

  private Effect step(Host host, Look look, Instant now) {
    try {
      return look.underWay().isPresent()
          ? goOn(host, look.order().orElseThrow(), look.underWay().get(), now)
          : begin(host, now);
    } catch (AcmeRateLimitedException e) {
      Optional<Instant> until = e.getRetryAfter();
      return tx -> keeping.failed(tx, host, said(e), until);
    } catch (AcmeException e) {
      return tx -> keeping.failed(tx, host, said(e), Optional.empty());
    }
  }

  private static String said(AcmeException e) {
    String what = e.getMessage() == null ? e.toString() : e.getMessage();
    Throwable cause = e.getCause();
    return "The certificate authority could not be asked, or refuses: "
        + what
        + (cause == null ? "." : " (" + cause + ").");
  }

  private Effect begin(Host host, Instant now) throws AcmeException {
    long begun =
        database.withConnection(
            connection -> orders.begunSince(connection, now.minus(Duration.ofHours(1))));
    if (begun >= config.ordersPerHour()) {
      Instant later = now.plusSeconds(60 + ThreadLocalRandom.current().nextLong(600));
      return tx ->
          keeping.postponed(
              tx, host, "As many certificates are being ordered as may be in an hour.", later);
    }
    Order order = accounts.login().newOrder().domain(host.name()).create();
    Optional<EdgeAcmeChallenge> answer = answers.of(host.name(), order);
    String location = order.getLocation().toString();
    String key = EcKeys.write(EcKeys.generate());
    return tx -> keeping.begun(tx, host, location, key, answer);
  }

  private KeyPair keyOf(Host host, CertificateOrder kept, UnderWay underWay) {
    return EcKeys.read(
        database.withConnection(
            connection -> keeping.keys(connection, host).open(kept.id(), underWay.key())));
  }

  private Effect goOn(Host host, CertificateOrder kept, UnderWay underWay, Instant now)
      throws AcmeException {
    if (underWay.since().plus(LONGEST_ORDER).isBefore(now)) {
      return tx -> keeping.failed(tx, host, "The order took too long.", Optional.empty());
    }
    Order order = bound(underWay);
    Instant asked = order.getRetryAfter().orElse(now.plus(BETWEEN_LOOKS));
    return switch (order.getStatus()) {
      case PENDING -> meet(host, order, underWay, asked);
      case READY -> {
        order.execute(keyOf(host, kept, underWay));
        yield _ -> Next.again(now);
      }
      case PROCESSING -> _ -> Next.again(asked);
      case VALID -> fetch(host, order, keyOf(host, kept, underWay));
      default -> {
        String why = reasonOf(order);
        yield tx -> keeping.failed(tx, host, why, Optional.empty());
      }
    };
  }

  private Order bound(UnderWay underWay) throws AcmeException {
    try {
      Order order = accounts.login().bindOrder(URI.create(underWay.location()).toURL());
      order.fetch();
      return order;
    } catch (MalformedURLException e) {
      throw new IllegalStateException("it was stored as a URL", e);
    }
  }

  /** The authority may ask once every gateway knows the answer. */
  private Effect meet(Host host, Order order, UnderWay underWay, Instant again)
      throws AcmeException {
    Optional<Challenge> open = answers.openIn(order);
    if (open.isPresent() && open.get().getStatus() == Status.PENDING) {
      List<String> lagging = fleet.awaitApplied(underWay.revision(), PATIENCE_WITH_GATEWAYS);
      if (!lagging.isEmpty()) {
        String why = "These gateways do not know of it yet: " + String.join(", ", lagging) + ".";
        return tx -> keeping.postponed(tx, host, why, again);
      }
      open.get().trigger();
    }
    return _ -> Next.again(again);
  }

  private Effect fetch(Host host, Order order, KeyPair keyPair) throws AcmeException {
    CertificateAndKey issued =
        new CertificateAndKey(order.getCertificate().getCertificateChain(), keyPair.getPrivate());
    return tx -> keeping.issued(tx, host, issued);
  }

  /** What the authority found wrong, with each challenge. */
  private static String reasonOf(Order order) throws AcmeException {
    String challenges =
        order.getAuthorizations().stream()
            .map(Authorization::getChallenges)
            .flatMap(List::stream)
            .map(Challenge::getError)
            .flatMap(Optional::stream)
            .map(CertificateJob::text)
            .distinct()
            .collect(Collectors.joining("; "));
    String own = order.getError().map(CertificateJob::text).orElse("");
    String why = challenges.isEmpty() ? own : challenges;
    return why.isEmpty()
        ? "The certificate authority has given the order up."
        : "The certificate authority refuses: " + why + (why.endsWith(".") ? "" : ".");
  }

  private static String text(Problem problem) {
    return problem.getDetail().orElseGet(() -> problem.getType().toString());
  }
}
