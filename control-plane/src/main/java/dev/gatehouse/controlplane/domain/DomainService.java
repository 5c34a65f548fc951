package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.NewJob;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which domains a tenant may have. That a host has one tenant is for the database to decide. */
public final class DomainService {
  /** The kind of the jobs that look at a domain. */
  public static final String CHECK = "check-domain";

  /**
   * The kind of the jobs that look after the certificate of a domain. They are left alone, one for
   * each verified domain, while no instance orders certificates.
   */
  public static final String CERTIFICATE = "order-certificate";

  /** The kind of the jobs that take away what was ordered for a domain that was removed. */
  public static final String FORGET_CERTIFICATE = "forget-certificate";

  /** Time for the gateways to learn what to answer, before a host is asked for the first time. */
  private static final Duration HEAD_START = Duration.ofSeconds(2);

  private final DomainStore store = new DomainStore();
  private final Hostname baseDomain;
  private final DomainConfig config;
  private final HostRules rules;
  private final FormerSlugService formerSlugs;
  private final JobService jobs;
  private final InstantSource clock;

  public DomainService(
      Hostname baseDomain, DomainConfig config, JobService jobs, InstantSource clock) {
    this.baseDomain = baseDomain;
    this.config = config;
    this.rules = new HostRules(baseDomain, config.reserved());
    this.formerSlugs = new FormerSlugService(jobs, config.keepOldSubdomain(), clock);
    this.jobs = jobs;
    this.clock = clock;
  }

  /** What the edge must know of a tenant's hosts. */
  public EdgeHosts edgeHosts(SqlConnection connection, UUID tenantId, Slug slug) {
    List<Hostname> old =
        formerSlugs.of(connection, tenantId).stream().map(this::subdomain).toList();
    return EdgeHosts.of(store.ofTenant(connection, tenantId), subdomain(slug), old);
  }

  /**
   * Refuses the slug of a new tenant if its subdomain leads to another one. Call it after the slug
   * was written: whoever gave it up at the same moment has then said so.
   *
   * @throws ProblemException {@code SLUG_TAKEN}
   */
  public void requireFreeSlug(SqlConnection tx, Slug slug, UUID tenantId) {
    formerSlugs.requireFree(tx, slug, tenantId);
  }

  /** Those among slugs, which were written, whose subdomains lead to tenants that had them. */
  public Set<Slug> keptSlugs(SqlConnection tx, List<Slug> slugs) {
    return formerSlugs.keptAmong(tx, slugs);
  }

  /**
   * Lets the subdomain of a tenant, which the transaction has locked, lead to its new one, if it is
   * another. Call it after the slug was written.
   *
   * @throws ProblemException {@code SLUG_TAKEN} if that one leads to another tenant
   */
  public void renamed(SqlConnection tx, UUID tenantId, Slug from, Slug to) {
    if (!from.equals(to)) {
      formerSlugs.renamed(tx, tenantId, from, to);
    }
  }

  /** Forgets an old slug whose time is over; gives the time of one that is kept longer. */
  Optional<Instant> expireSlug(SqlConnection tx, Slug slug, UUID tenantId) {
    return formerSlugs.expire(tx, slug, tenantId);
  }

  /** Gives all of a tenant's hosts free. */
  public void removeAll(SqlConnection tx, UUID tenantId) {
    store.ofTenant(tx, tenantId).forEach(domain -> jobs.cancel(tx, CHECK, keyOf(domain)));
    store.deleteAll(tx, tenantId);
    formerSlugs.forgetAll(tx, tenantId);
  }

  /** Where the hosts of a tenant are to lead. */
  Hostname target(Slug slug) {
    return config.target().map(Hostname::parse).orElseGet(() -> subdomain(slug));
  }

  /** What a tenant must set for its domains. */
  DomainRecords records(Slug slug) {
    return new DomainRecords(target(slug), config.addresses());
  }

  List<Domain> list(
      SqlConnection connection,
      UUID tenantId,
      DomainFilter filter,
      Optional<String> after,
      int count) {
    return store.list(connection, tenantId, filter, after.orElse(""), count);
  }

  /**
   * A domain, in any spelling.
   *
   * @throws ProblemException {@code DOMAIN_NOT_FOUND}
   */
  Domain find(SqlConnection connection, UUID tenantId, String spelling) {
    return DomainName.find(spelling)
        .flatMap(name -> store.find(connection, tenantId, name))
        .orElseThrow(() ->
            new ProblemException(
                Problem.DOMAIN_NOT_FOUND, "the tenant has no domain \"" + spelling + "\""));
  }

  /**
   * Takes down the claim of a tenant, which the transaction has locked, to a host.
   *
   * @param trusted whether it holds without proof
   * @param most domains that the tenant may have
   * @throws ProblemException {@code INVALID_BODY}, {@code HOST_NOT_ALLOWED}, {@code HOST_TAKEN} or
   *     {@code DOMAIN_LIMIT_REACHED}
   */
  Domain add(SqlConnection tx, UUID tenantId, JsonObject wanted, boolean trusted, int most) {
    DomainName name = parse(wanted.getString("host"));
    rules
        .refusal(name)
        .ifPresent(why -> {
          throw new ProblemException(
              Problem.HOST_NOT_ALLOWED,
              List.of(Fault.at("/host", why + ", found \"" + name + "\"")));
        });
    DomainUse use = DomainUse.of(wanted, name);
    requireRoom(store.ofTenant(tx, tenantId), trusted, most);
    if (use.role() == DomainRole.PRIMARY) {
      store.demoteOthers(tx, tenantId, name);
    }
    Instant now = clock.instant();
    Domain added =
        store.insert(
            tx,
            new Domain(
                tenantId,
                name,
                use.role(),
                use.redirectStatus(),
                DomainToken.draw(),
                trusted ? Ownership.trusted(now) : Ownership.claimed(now, now.plus(HEAD_START)),
                Certificate.NONE,
                1,
                now));
    scheduleCheck(tx, added);
    lookAfterCertificate(tx, added);
    return added;
  }

  /**
   * Uses a domain of a tenant, which the transaction has locked, for something else.
   *
   * @throws ProblemException {@code INVALID_BODY}
   */
  Domain change(SqlConnection tx, Domain domain, JsonObject wanted) {
    DomainUse use = DomainUse.of(wanted, domain.name());
    if (use.role() == DomainRole.PRIMARY) {
      store.demoteOthers(tx, domain.tenantId(), domain.name());
    }
    return store.update(tx, domain.with(use));
  }

  /** Gives a host free. */
  void remove(SqlConnection tx, Domain domain) {
    jobs.cancel(tx, CHECK, keyOf(domain));
    store.delete(tx, domain);
    if (domain.isServed()) {
      jobs.cancel(tx, CERTIFICATE, keyOf(domain));
      jobs.schedule(tx, job(FORGET_CERTIFICATE, domain, clock.instant()));
    }
  }

  /**
   * Has a domain of a tenant, which the transaction has locked, looked at now; one that was given
   * up begins anew. A trusted one is left as it is.
   *
   * @throws ProblemException {@code CHECKED_A_MOMENT_AGO}
   */
  Domain checkNow(SqlConnection tx, Domain domain) {
    if (domain.ownership().isTrusted()) {
      return domain;
    }
    Instant now = clock.instant();
    if (!store.ask(tx, domain, now, now.minus(config.checkPause()))) {
      throw new ProblemException(
              Problem.CHECKED_A_MOMENT_AGO,
              "somebody has asked for a look at the domain a moment ago: wait for what it finds")
          .withHeader("Retry-After", Long.toString(Math.max(1, config.checkPause().toSeconds())));
    }
    if (domain.ownership().state() == OwnershipState.LOST) {
      // It was the tenant's, and others can still have it by a DNS record only.
      store.remember(tx, domain);
    }
    Ownership asked =
        domain.ownership().isChecked()
            ? domain.ownership().checkedNext(now)
            : Ownership.claimed(now, now.plus(HEAD_START));
    Domain again = store.update(tx, domain.with(asked));
    scheduleCheck(tx, again);
    return again;
  }

  /** What has to be known of a claim before it is looked at. */
  Optional<DomainClaim> claim(SqlConnection connection, UUID tenantId, DomainName name) {
    return store
        .find(connection, tenantId, name)
        .filter(domain -> domain.ownership().isChecked())
        .map(domain -> {
          Optional<Domain> holder =
              domain.isServed() ? Optional.empty() : store.holder(connection, name);
          return new DomainClaim(domain, holder, store.hadAnother(connection, name, tenantId));
        });
  }

  /** Keeps what was found out. */
  Domain keep(SqlConnection tx, Domain domain) {
    Domain kept = store.update(tx, domain);
    lookAfterCertificate(tx, kept);
    return kept;
  }

  /** Whether a tenant's requests come by this host. */
  public boolean isServed(SqlConnection connection, UUID tenantId, String host) {
    return store
        .find(connection, tenantId, DomainName.ofNormal(host))
        .filter(Domain::isServed)
        .isPresent();
  }

  /**
   * Says where the certificate of a domain of a tenant, which the transaction has locked, is in its
   * life.
   *
   * @param state {@code pending}, {@code issued}, {@code failed} or {@code expired}
   * @param reason why, in words
   */
  public void certificateIs(
      SqlConnection tx, UUID tenantId, String host, String state, String reason) {
    store.certificateIs(tx, tenantId, host, new Certificate(state, reason));
  }

  /** A wildcard's would have to be proved in the DNS, which is the tenant's: it is uploaded. */
  private void lookAfterCertificate(SqlConnection tx, Domain domain) {
    if (domain.isServed() && !domain.name().wildcard()) {
      jobs.schedule(tx, job(CERTIFICATE, domain, clock.instant()));
    }
  }

  private void requireRoom(List<Domain> all, boolean trusted, int most) {
    if (all.size() >= most) {
      throw new ProblemException(
          Problem.DOMAIN_LIMIT_REACHED,
          "the tenant may have " + most + " custom domains: remove one or raise its limit");
    }
    long unproved = all.stream().filter(domain -> !domain.isServed()).count();
    if (!trusted && unproved >= config.maxUnproved()) {
      throw new ProblemException(
          Problem.DOMAIN_LIMIT_REACHED,
          "the tenant has "
              + unproved
              + " custom domains that are not verified, as many as it may: verify or remove some");
    }
  }

  private void scheduleCheck(SqlConnection tx, Domain domain) {
    domain.ownership().nextCheckAt().ifPresent(at -> jobs.reschedule(tx, job(CHECK, domain, at)));
  }

  private static NewJob job(String kind, Domain domain, Instant at) {
    return NewJob.of(kind, keyOf(domain), domain.tenantId(), at)
        .with(
            new JsonObject()
                .put("tenant", domain.tenantId().toString())
                .put("host", domain.name().toString()));
  }

  private static String keyOf(Domain domain) {
    return domain.tenantId() + "/" + domain.name();
  }

  private Hostname subdomain(Slug slug) {
    return new Hostname(slug.value() + "." + baseDomain.value());
  }

  /**
   * A domain as it is kept, to look for it.
   *
   * @throws ProblemException {@code INVALID_PARAMETER} if no domain can have this name
   */
  public static String normalForm(String parameter, String spelling) {
    return DomainName.find(spelling)
        .map(DomainName::toString)
        .orElseThrow(() ->
            new ProblemException(
                Problem.INVALID_PARAMETER,
                List.of(
                    Fault.inParameter(
                        parameter, "must be a host name, found \"" + spelling + "\""))));
  }

  private static DomainName parse(String spelling) {
    try {
      return DomainName.parse(spelling);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.INVALID_BODY, List.of(Fault.at("/host", String.valueOf(e.getMessage()))));
    }
  }
}
