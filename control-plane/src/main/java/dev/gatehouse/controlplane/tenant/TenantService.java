package dev.gatehouse.controlplane.tenant;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.access.ApiKeyService;
import dev.gatehouse.controlplane.api.AccessControl;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.member.MemberService;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.service.CatalogService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The rules of a tenant's life. */
public final class TenantService {
  private final TenantStore store = new TenantStore();
  private final DomainService domains;
  private final ApiKeyService apiKeys;
  private final MemberService members;
  private final CatalogService catalog;
  private final PlanService plans;
  private final EdgePublisher publisher;

  public TenantService(
      DomainService domains,
      ApiKeyService apiKeys,
      MemberService members,
      CatalogService catalog,
      PlanService plans,
      EdgePublisher publisher) {
    this.domains = domains;
    this.apiKeys = apiKeys;
    this.members = members;
    this.catalog = catalog;
    this.plans = plans;
    this.publisher = publisher;
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

  /**
   * The tenant that a path names, which no other transaction changes until this one ends.
   *
   * @throws ProblemException {@code TENANT_NOT_FOUND}, also where it is deleted
   */
  public Tenant lock(SqlConnection tx, String idOrSlug) {
    return store.lock(tx, TenantName.parse(idOrSlug)).orElseThrow(() -> notFound(idOrSlug));
  }

  /** Tells the edge the tenant's newest state; call it last in a transaction that has locked it. */
  public long publish(SqlConnection tx, Tenant tenant) {
    return publisher.upsert(tx, tenant.toEdge(domains.hostsOf(tx, tenant.id())));
  }

  List<Tenant> list(
      SqlConnection connection, TenantFilter filter, Optional<UUID> after, int count) {
    return store.list(connection, filter, after, count);
  }

  Published create(SqlConnection tx, JsonObject body) {
    TenantStatus status =
        TenantStatus.fromWireName(body.getString("status", TenantStatus.ACTIVE.wireName()));
    UUID id = UuidCreator.getTimeOrderedEpoch();
    TenantDraft draft = TenantDraft.of(body);
    plans.requirePlan(tx, draft.plan(), draft.limits());
    Set<String> services = catalog.requireServices(tx, draft.serviceReferences());
    Tenant created = store.insert(tx, id, draft, status);
    store.keepServices(tx, id, services);
    return published(tx, created);
  }

  /**
   * Changes a tenant that the transaction has locked.
   *
   * @param wanted all that a caller may change, as it is to be; valid by the API's document
   * @throws ProblemException if a rule refuses it
   */
  public Published change(SqlConnection tx, Tenant tenant, JsonObject wanted) {
    TenantDraft draft = TenantDraft.of(wanted);
    Tenant changed =
        new Tenant(
            tenant.id(),
            draft.slug(),
            draft.name(),
            tenant.status(),
            tenant.statusReason(),
            draft.document(),
            tenant.version(),
            tenant.createdAt(),
            tenant.updatedAt());
    plans.requirePlan(tx, draft.plan(), draft.limits());
    Set<String> services = catalog.requireServices(tx, draft.serviceReferences());
    store.keepServices(tx, tenant.id(), services);
    return published(tx, store.update(tx, changed));
  }

  Published activate(SqlConnection tx, Tenant tenant) {
    return move(tx, tenant, TenantStatus.PENDING, TenantStatus.ACTIVE, Optional.empty());
  }

  Published suspend(SqlConnection tx, Tenant tenant, Optional<String> reason) {
    return move(tx, tenant, TenantStatus.ACTIVE, TenantStatus.SUSPENDED, reason);
  }

  Published resume(SqlConnection tx, Tenant tenant) {
    return move(tx, tenant, TenantStatus.SUSPENDED, TenantStatus.ACTIVE, Optional.empty());
  }

  /**
   * Deletes it for good. Its slug stays taken; domains, keys and members go, and its overrides keep
   * no service any more. Returns the revision.
   */
  long delete(SqlConnection tx, Tenant tenant) {
    store.update(tx, withStatus(tenant, TenantStatus.DELETED, Optional.empty()));
    domains.removeAll(tx, tenant.id());
    members.removeAll(tx, tenant.id());
    apiKeys.removeAll(tx, tenant.id());
    store.keepServices(tx, tenant.id(), Set.of());
    return publisher.remove(tx, EdgeObject.Kind.TENANT, tenant.id().toString());
  }

  private Published move(
      SqlConnection tx,
      Tenant tenant,
      TenantStatus from,
      TenantStatus to,
      Optional<String> reason) {
    if (tenant.status() != from) {
      throw new ProblemException(
          Problem.TRANSITION_NOT_ALLOWED,
          "only a tenant that is "
              + from.wireName()
              + " can become "
              + to.wireName()
              + " this way, this one is "
              + tenant.status().wireName());
    }
    return published(tx, store.update(tx, withStatus(tenant, to, reason)));
  }

  private static Tenant withStatus(Tenant tenant, TenantStatus status, Optional<String> reason) {
    return new Tenant(
        tenant.id(),
        tenant.slug(),
        tenant.name(),
        status,
        reason,
        tenant.document(),
        tenant.version(),
        tenant.createdAt(),
        tenant.updatedAt());
  }

  private Published published(SqlConnection tx, Tenant tenant) {
    return new Published(tenant, publish(tx, tenant));
  }

  private static ProblemException notFound(String idOrSlug) {
    return AccessControl.noSuchTenant(idOrSlug);
  }
}
