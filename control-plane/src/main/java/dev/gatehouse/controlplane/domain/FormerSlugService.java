package dev.gatehouse.controlplane.domain;

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

/**
 * What becomes of a tenant's subdomain when the tenant is renamed: it leads to the new one for a
 * while, and nobody else gets it in that time.
 */
final class FormerSlugService {
  /** The kind of the jobs that forget a slug when its time is over; their key is the slug. */
  static final String KIND = "forget-former-slug";

  /** Of one tenant; the oldest of more are forgotten early. */
  private static final int MOST = 10;

  private final FormerSlugStore store = new FormerSlugStore();
  private final JobService jobs;
  private final Duration keep;
  private final InstantSource clock;

  /**
   * @param keep how long a slug is kept; not at all if 0
   */
  FormerSlugService(JobService jobs, Duration keep, InstantSource clock) {
    this.jobs = jobs;
    this.keep = keep;
    this.clock = clock;
  }

  /**
   * Refuses a slug that is kept for another tenant. Call it after the slug was written: whoever
   * gave it up at the same moment has then said so.
   *
   * @throws ProblemException {@code SLUG_TAKEN}
   */
  void requireFree(SqlConnection tx, Slug slug, UUID tenantId) {
    if (store.isKeptForAnother(tx, slug, tenantId, clock.instant())) {
      throw new ProblemException(
          Problem.SLUG_TAKEN,
          List.of(
              Fault.at(
                  "/slug", "was a renamed tenant's, whose old subdomain goes on leading to it")));
    }
  }

  /** Those among slugs, which were written, that are kept for tenants. */
  Set<Slug> keptAmong(SqlConnection tx, List<Slug> slugs) {
    return store.keptAmong(tx, slugs, clock.instant());
  }

  /** Forgets all of a tenant that is deleted. */
  void forgetAll(SqlConnection tx, UUID tenantId) {
    store
        .ofTenant(tx, tenantId, Instant.EPOCH)
        .forEach(slug -> jobs.cancel(tx, KIND, slug.value()));
    store.forgetAll(tx, tenantId);
  }

  /**
   * Keeps the slug that a tenant, which the transaction has locked, has given up for another.
   *
   * @throws ProblemException {@code SLUG_TAKEN} if the new one is kept for another tenant
   */
  void renamed(SqlConnection tx, UUID tenantId, Slug from, Slug to) {
    requireFree(tx, to, tenantId);
    Instant now = clock.instant();
    store.forget(tx, to, tenantId, now);
    if (keep.isPositive()) {
      Instant until = now.plus(keep);
      store.keep(tx, from, tenantId, until, MOST);
      jobs.reschedule(
          tx,
          NewJob.of(KIND, from.value(), tenantId, until)
              .with(new JsonObject().put("tenant", tenantId.toString())));
    }
  }

  /** Those that lead to the tenant now. */
  List<Slug> of(SqlConnection connection, UUID tenantId) {
    return store.ofTenant(connection, tenantId, clock.instant());
  }

  /** Forgets one whose time is over; gives the time of one that is kept longer. */
  Optional<Instant> expire(SqlConnection tx, Slug slug, UUID tenantId) {
    Instant now = clock.instant();
    Optional<Instant> later = store.keptUntil(tx, slug, tenantId).filter(now::isBefore);
    if (later.isEmpty()) {
      store.forget(tx, slug, tenantId, now);
    }
    return later;
  }
}
