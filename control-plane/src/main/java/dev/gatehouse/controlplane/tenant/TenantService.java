package dev.gatehouse.controlplane.tenant;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.api.AccessControl;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.domain.EdgeHosts;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.isolation.PlacementService;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.NewJob;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.provisioning.ProvisioningService;
import dev.gatehouse.controlplane.schedule.ScheduleService;
import dev.gatehouse.controlplane.schedule.ScheduledAction;
import dev.gatehouse.controlplane.service.CatalogService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The rules of a tenant's life. */
public final class TenantService {
  private final TenantStore store = new TenantStore();
  private final TransitionStore transitions = new TransitionStore();
  private final DomainService domains;
  private final TenantReferences references;
  private final ScheduleService schedules;
  private final ProvisioningService provisioning;
  private final PlacementService placements;
  private final JobService jobs;
  private final EdgePublisher publisher;
  private final AuditService audit;

  public TenantService(
      DomainService domains,
      CatalogService catalog,
      PlanService plans,
      ScheduleService schedules,
      ProvisioningService provisioning,
      PlacementService placements,
      JobService jobs,
      EdgePublisher publisher,
      AuditService audit) {
    this.domains = domains;
    this.references = new TenantReferences(catalog, plans, placements);
    this.schedules = schedules;
    this.provisioning = provisioning;
    this.placements = placements;
    this.jobs = jobs;
    this.publisher = publisher;
    this.audit = audit;
  }

  /** A tenant, and the revision at which the edge knows its newest state. */
  public record Published(Tenant tenant, long revision) {}

  /**
   * The tenant that a path names.
   *
   * @param idOrSlug its UUID or its slug
   * @throws ProblemException {@code TENANT_NOT_FOUND}, also where it is deleted
   */
  public Tenant find(SqlConnection connection, String idOrSlug) {
    return store.find(connection, TenantName.parse(idOrSlug)).orElseThrow(() -> notFound(idOrSlug));
  }

  /** The tenant of this id; empty where it is deleted. */
  public Optional<Tenant> findById(SqlConnection connection, UUID id) {
    return store.find(connection, new TenantName.Id(id));
  }

  /** The tenant of this id, locked; empty where it is deleted. */
  public Optional<Tenant> lockById(SqlConnection tx, UUID id) {
    return store.lock(tx, new TenantName.Id(id));
  }

  /**
   * The tenant that a path names, to change it or what it has; no other transaction changes it
   * until this one ends.
   *
   * @throws ProblemException {@code TENANT_NOT_FOUND}, also where it is deleted; {@code
   *     TENANT_READ_ONLY} where it is archived
   */
  public Tenant lock(SqlConnection tx, String idOrSlug) {
    Tenant tenant = lockInAnyStatus(tx, idOrSlug);
    if (tenant.status() == TenantStatus.ARCHIVED) {
      throw new ProblemException(
          Problem.TENANT_READ_ONLY, "the tenant is archived: restore it before you change it");
    }
    return tenant;
  }

  /**
   * The same, to change what may be changed of an archived tenant, too.
   *
   * @throws ProblemException {@code TENANT_NOT_FOUND}, also where it is deleted
   */
  public Tenant lockInAnyStatus(SqlConnection tx, String idOrSlug) {
    return store.lock(tx, TenantName.parse(idOrSlug)).orElseThrow(() -> notFound(idOrSlug));
  }

  /** Tells the edge the tenant's newest state; call it last in a transaction that has locked it. */
  public long publish(SqlConnection tx, Tenant tenant) {
    return publisher.upsert(
        tx,
        tenant.toEdge(
            domains.edgeHosts(tx, tenant.id(), tenant.slug()),
            placements.edgePlacement(tx, tenant.id())));
  }

  /**
   * Says of a locked tenant which key of its own its keysets are wrapped by, and since when that is
   * withheld. The edge is told by {@link #publish}.
   */
  public Tenant putKey(
      SqlConnection tx, UUID id, Optional<UUID> customerKey, Optional<Instant> withheldAt) {
    return store.putKey(tx, id, customerKey, withheldAt);
  }

  List<Tenant> list(
      SqlConnection connection,
      TenantFilter filter,
      TenantSort sort,
      Optional<String> after,
      int count) {
    return store.list(connection, TenantQuery.of(TenantStore.COLUMNS, filter, sort, after, count));
  }

  List<PastTransition> history(SqlConnection connection, UUID tenant, long after, int count) {
    return transitions.list(connection, tenant, after, count);
  }

  Published create(SqlConnection tx, JsonObject body, String actor) {
    TenantStatus status =
        TenantStatus.fromWireName(body.getString("status", TenantStatus.ACTIVE.wireName()));
    UUID id = UuidCreator.getTimeOrderedEpoch();
    TenantDraft draft = TenantDraft.of(body);
    Set<String> services = references.require(tx, draft);
    Tenant created = store.insert(tx, id, draft, status);
    store.addServices(tx, id, services);
    domains.requireFreeSlug(tx, created.slug(), id);
    transitions.insertCreation(tx, List.of(created), actor);
    if (status == TenantStatus.PENDING) {
      provisioning.begin(tx, id);
    } else {
      placements.begin(tx, Set.of(id));
    }
    return new Published(
        created, publisher.upsert(tx, created.toEdge(EdgeHosts.NONE, Optional.empty())));
  }

  /**
   * Changes a tenant that the transaction has locked.
   *
   * @param wanted all that a caller may change, as it is to be; valid by the API's document
   * @throws ProblemException if a rule refuses it
   */
  public Published change(SqlConnection tx, Tenant tenant, JsonObject wanted) {
    TenantDraft draft = TenantDraft.of(wanted);
    Set<String> services = references.require(tx, draft);
    placements.requireSamePlace(tx, tenant.id(), draft.database());
    store.keepServices(tx, tenant.id(), services);
    Tenant updated = store.update(tx, tenant.with(draft));
    domains.renamed(tx, tenant.id(), tenant.slug(), updated.slug());
    return published(tx, updated);
  }

  /**
   * Makes a transition that a job has found due, and records it in the tenant's audit trail. Call
   * it last in the transaction that has locked the tenant.
   *
   * @param job kind of the job, with which the trail names what it did
   * @throws ProblemException as {@link #move}
   */
  public void moveByJob(
      SqlConnection tx, Tenant tenant, Transition transition, Optional<String> reason, String job) {
    Tenant moved = move(tx, tenant, transition, reason, job).tenant();
    audit.system(
        tx,
        tenant.id(),
        job + "." + transition.name().toLowerCase(Locale.ROOT),
        "/v1/tenants/" + tenant.id(),
        Optional.of(tenant.toJson()),
        Optional.of(moved.toJson()));
  }

  /**
   * Makes a transition of a tenant that is locked, with all that follows from it. Call it last in
   * the transaction.
   *
   * @param reason kept with it
   * @param actor who makes it
   * @throws ProblemException {@code TRANSITION_NOT_ALLOWED} from the status that it has, or {@code
   *     PROVISIONING_UNFINISHED}
   */
  Published move(
      SqlConnection tx,
      Tenant tenant,
      Transition transition,
      Optional<String> reason,
      String actor) {
    transition.requireFrom(tenant.status());
    if (transition == Transition.ACTIVATE) {
      provisioning.requireReadyToActivate(tx, tenant.id());
    }
    Tenant changed = store.update(tx, tenant.withStatus(transition.to(), reason));
    transitions.insert(tx, tenant.status(), changed, actor);
    return switch (transition) {
      case ACTIVATE, SUSPEND, RESUME -> published(tx, changed);
      case ARCHIVE -> {
        awaitDeletion(tx, changed);
        yield published(tx, changed);
      }
      case RESTORE -> {
        boolean _ = schedules.cancel(tx, changed.id(), ScheduledAction.DELETE);
        yield published(tx, changed);
      }
      case DELETE -> new Published(changed, delete(tx, changed));
    };
  }

  private void awaitDeletion(SqlConnection tx, Tenant archived) {
    boolean _ = schedules.cancel(tx, archived.id(), ScheduledAction.SUSPEND);
    boolean _ = schedules.cancel(tx, archived.id(), ScheduledAction.END_TRIAL);
    boolean _ = schedules.cancel(tx, archived.id(), ScheduledAction.ARCHIVE);
    schedules.put(
        tx,
        archived.id(),
        ScheduledAction.DELETE,
        Instant.now().plus(archived.retention()),
        Optional.of("archived for " + archived.retention().toDays() + " days"));
  }

  /**
   * Its hosts are free for others and its overrides keep no service from now on; what takes longer
   * is left to a job.
   */
  private long delete(SqlConnection tx, Tenant tenant) {
    schedules.cancelAll(tx, tenant.id());
    provisioning.forget(tx, tenant.id());
    domains.removeAll(tx, tenant.id());
    store.keepServices(tx, tenant.id(), Set.of());
    boolean _ =
        jobs.schedule(tx, NewJob.of(ErasureJob.KIND, tenant.id().toString(), Instant.now()));
    return publisher.remove(tx, EdgeObject.Kind.TENANT, tenant.id().toString());
  }

  /** All is gone that the tenant had; its row keeps id, slug, times and reason. */
  void markErased(SqlConnection tx, UUID id) {
    store.erase(tx, id);
  }

  private Published published(SqlConnection tx, Tenant tenant) {
    return new Published(tenant, publish(tx, tenant));
  }

  private static ProblemException notFound(String idOrSlug) {
    return AccessControl.noSuchTenant(idOrSlug);
  }
}
