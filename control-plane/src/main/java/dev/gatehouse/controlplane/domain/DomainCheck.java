package dev.gatehouse.controlplane.domain;

import dev.gatehouse.controlplane.audit.Actor;
import dev.gatehouse.controlplane.audit.AuditRecord;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one domain, decides what becomes of it, and says when to look again. The look is outside
 * of any transaction; what follows from it is one, with the tenants locked whose hosts change.
 */
final class DomainCheck implements JobHandler {
  private static final Logger LOG = LoggerFactory.getLogger(DomainCheck.class);

  private final Database database;
  private final DomainService domains;
  private final TenantService tenants;
  private final AuditService audit;
  private final DomainVerifier verifier;
  private final OwnershipRules rules;
  private final InstantSource clock;

  DomainCheck(
      Database database,
      DomainService domains,
      TenantService tenants,
      AuditService audit,
      DomainVerifier verifier,
      DomainConfig config,
      InstantSource clock) {
    this.database = database;
    this.domains = domains;
    this.tenants = tenants;
    this.audit = audit;
    this.verifier = verifier;
    this.rules = new OwnershipRules(config.recheckEvery(), config.grace());
    this.clock = clock;
  }

  /** What was seen of a claim and, where it could take the host from another, of that one. */
  private record Look(Domain domain, Evidence seen, Optional<Holder> holder) {}

  private record Holder(Domain domain, Evidence seen) {
    /** Whether the host stays with it although another tenant has shown its control. */
    boolean keepsHost(Proof against) {
      Proof own = domain.ownership().provedBy().orElseThrow();
      if (own == Proof.NONE) {
        return true;
      }
      boolean weaker = own == Proof.HTTP && against == Proof.DNS && !seen.shows(Proof.DNS);
      return !weaker && (seen.shows(own) || seen.leavesOpen(own));
    }
  }

  @Override
  public Effect run(Job job) {
    UUID tenantId = UUID.fromString(job.payload().getString("tenant"));
    DomainName name = DomainName.ofNormal(job.payload().getString("host"));
    Optional<DomainClaim> claim =
        database.withConnection(connection -> domains.claim(connection, tenantId, name));
    if (claim.isEmpty()) {
      return _ -> Next.done();
    }
    Look look = look(claim.get());
    return tx -> conclude(tx, look);
  }

  private Look look(DomainClaim claim) {
    Evidence seen = examine(claim.domain(), claim.byDnsOnly());
    Optional<Holder> holder =
        claim.holder().map(domain -> new Holder(domain, examineHolder(domain, seen)));
    return new Look(claim.domain(), seen, holder);
  }

  /** Nobody is bothered where the claim proves nothing anyway. */
  private Evidence examineHolder(Domain holder, Evidence seenOfClaim) {
    boolean needed = seenOfClaim.proof().isPresent() && !holder.ownership().isTrusted();
    return needed ? examine(holder, false) : Evidence.NONE;
  }

  private Evidence examine(Domain domain, boolean byDnsOnly) {
    Tenant tenant =
        database.withConnection(
            connection -> tenants.find(connection, domain.tenantId().toString()));
    return verifier.examine(domain, domains.target(tenant.slug()), byDnsOnly);
  }

  private Next conclude(SqlConnection tx, Look look) {
    Instant now = clock.instant();
    Map<UUID, Tenant> locked = lock(tx, look);
    Optional<DomainClaim> current =
        domains.claim(tx, look.domain().tenantId(), look.domain().name());
    if (current.isEmpty()) {
      return Next.done();
    }
    if (hasChanged(look, current.get())) {
      return Next.again(now);
    }
    Optional<Proof> proof = look.seen().proof();
    boolean taken = look.holder().filter(h -> h.keepsHost(proof.orElse(Proof.HTTP))).isPresent();
    Optional<Holder> displaced = proof.isPresent() && !taken ? look.holder() : Optional.empty();
    List<AuditRecord> records = new ArrayList<>();
    displaced.ifPresent(
        holder -> records.addAll(keep(tx, holder.domain(), displacement(holder, now))));
    double jitter = ThreadLocalRandom.current().nextDouble();
    Ownership after = rules.after(look.domain().ownership(), look.seen(), taken, now, jitter);
    List<AuditRecord> ofClaim = keep(tx, look.domain(), after);
    if (!ofClaim.isEmpty()) {
      publish(tx, locked, look.domain());
    }
    // Last, so that there is no moment in which a gateway knows the host to be nobody's.
    displaced.ifPresent(holder -> publish(tx, locked, holder.domain()));
    records.addAll(ofClaim);
    audit.append(tx, records);
    return after.nextCheckAt().map(Next::again).orElseGet(Next::done);
  }

  /** In the order of their ids, so that nobody waits for one another in a circle. */
  private Map<UUID, Tenant> lock(SqlConnection tx, Look look) {
    TreeSet<UUID> ids = new TreeSet<>();
    ids.add(look.domain().tenantId());
    look.holder().ifPresent(holder -> ids.add(holder.domain().tenantId()));
    Map<UUID, Tenant> locked = new TreeMap<>();
    ids.forEach(id -> tenants.lockById(tx, id).ifPresent(tenant -> locked.put(id, tenant)));
    return locked;
  }

  private static boolean hasChanged(Look look, DomainClaim current) {
    long before = look.holder().map(holder -> holder.domain().version()).orElse(0L);
    long now = current.holder().map(Domain::version).orElse(0L);
    return look.domain().version() != current.domain().version() || before != now;
  }

  private Ownership displacement(Holder holder, Instant now) {
    return rules.displaced(holder.domain().ownership(), holder.seen(), now);
  }

  /** Gives back what there is to record: nothing where it does not matter to the edge. */
  private List<AuditRecord> keep(SqlConnection tx, Domain domain, Ownership after) {
    Domain kept = domains.keep(tx, domain.with(after));
    Ownership before = domain.ownership();
    if (after.state() == before.state() && after.provedBy().equals(before.provedBy())) {
      return List.of();
    }
    LOG.info(
        "domain {} of tenant {} was {} and is {}: {}",
        domain.name(),
        domain.tenantId(),
        before.state().wireName(),
        after.state().wireName(),
        after.reason().orElse("control is proved"));
    String resource = "/v1/tenants/" + domain.tenantId() + "/domains/" + domain.name();
    String action = "domain." + after.state().wireName();
    return List.of(
        AuditRecord.of(domain.tenantId(), action, Actor.SYSTEM, resource)
            .with("outcome", "done")
            .withDocument("before", Optional.of(domain.toJson()))
            .withDocument("after", Optional.of(kept.toJson())));
  }

  private void publish(SqlConnection tx, Map<UUID, Tenant> locked, Domain domain) {
    tenants.publish(tx, Objects.requireNonNull(locked.get(domain.tenantId())));
  }
}
