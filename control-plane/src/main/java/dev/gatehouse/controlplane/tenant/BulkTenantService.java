package dev.gatehouse.controlplane.tenant;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.audit.Actor;
import dev.gatehouse.controlplane.audit.AuditRecord;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.domain.DomainService;
import dev.gatehouse.controlplane.domain.EdgeHosts;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.isolation.PlacementService;
import dev.gatehouse.controlplane.plan.PlanService;
import dev.gatehouse.controlplane.provisioning.ProvisioningService;
import dev.gatehouse.controlplane.service.CatalogService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Creates many tenants with few statements; one that is refused does not keep the others out. */
public final class BulkTenantService {
  private final TenantStore store = new TenantStore();
  private final TransitionStore transitions = new TransitionStore();
  private final DomainService domains;
  private final TenantReferences references;
  private final ProvisioningService provisioning;
  private final PlacementService placements;
  private final EdgePublisher publisher;
  private final AuditService audit;

  public BulkTenantService(
      DomainService domains,
      CatalogService catalog,
      PlanService plans,
      ProvisioningService provisioning,
      PlacementService placements,
      EdgePublisher publisher,
      AuditService audit) {
    this.domains = domains;
    this.references = new TenantReferences(catalog, plans, placements);
    this.provisioning = provisioning;
    this.placements = placements;
    this.publisher = publisher;
    this.audit = audit;
  }

  /**
   * Creates them, tells the edge and records it: call it last in a transaction.
   *
   * @param bodies valid by the API's document, by any key
   * @param actor who creates them
   * @return why those that were refused were, by the same keys
   */
  public <K> Map<K, ProblemException> createAll(
      SqlConnection tx, Map<K, JsonObject> bodies, String actor) {
    Map<K, ProblemException> refused = new HashMap<>();
    Map<UUID, K> keys = new HashMap<>();
    List<BulkDraft> drafts = new ArrayList<>();
    bodies.forEach((key, body) -> {
      try {
        BulkDraft draft = draft(tx, body);
        keys.put(draft.id(), key);
        drafts.add(draft);
      } catch (ProblemException refusal) {
        refused.put(key, refusal);
      }
    });
    refuseKeptSlugs(tx, drafts, keys, refused);
    if (drafts.isEmpty()) {
      return refused;
    }
    List<Tenant> created = store.insertAll(tx, drafts);
    requireNoKeptSlugs(tx, created);
    Set<UUID> ids = created.stream().map(Tenant::id).collect(Collectors.toSet());
    drafts.stream()
        .filter(draft -> !ids.contains(draft.id()))
        .forEach(draft -> refused.put(Objects.requireNonNull(keys.get(draft.id())), slugTaken()));
    if (!created.isEmpty()) {
      begin(tx, created, drafts, ids, actor);
    }
    return refused;
  }

  private void begin(
      SqlConnection tx, List<Tenant> created, List<BulkDraft> drafts, Set<UUID> ids, String actor) {
    transitions.insertCreation(tx, created, actor);
    drafts.stream()
        .filter(draft -> ids.contains(draft.id()))
        .forEach(draft -> store.addServices(tx, draft.id(), draft.services()));
    created.stream()
        .filter(tenant -> tenant.status() == TenantStatus.PENDING)
        .forEach(tenant -> provisioning.begin(tx, tenant.id()));
    placements.begin(
        tx,
        created.stream()
            .filter(tenant -> tenant.status() != TenantStatus.PENDING)
            .map(Tenant::id)
            .toList());
    List<EdgeObject> edge = new ArrayList<>();
    created.forEach(tenant -> edge.add(tenant.toEdge(EdgeHosts.NONE, Optional.empty())));
    publisher.upsertAll(tx, edge);
    audit.append(tx, created.stream().map(tenant -> recordOf(tenant, actor)).toList());
  }

  /** Refuses those whose subdomains lead to tenants that were renamed. */
  private <K> void refuseKeptSlugs(
      SqlConnection tx,
      List<BulkDraft> drafts,
      Map<UUID, K> keys,
      Map<K, ProblemException> refused) {
    Set<Slug> kept = domains.keptSlugs(tx, drafts.stream().map(BulkDraft::slug).toList());
    drafts.removeIf(draft -> {
      if (kept.contains(draft.slug())) {
        refused.put(Objects.requireNonNull(keys.get(draft.id())), slugTaken());
        return true;
      }
      return false;
    });
  }

  /** Undoes the transaction where a tenant has given up a slug since it was looked for. */
  private void requireNoKeptSlugs(SqlConnection tx, List<Tenant> created) {
    if (!domains.keptSlugs(tx, created.stream().map(Tenant::slug).toList()).isEmpty()) {
      throw new IllegalStateException("a tenant was renamed meanwhile: to be tried again");
    }
  }

  private static AuditRecord recordOf(Tenant tenant, String actor) {
    return AuditRecord.of(
            tenant.id(), "import.create", Actor.system(actor), "/v1/tenants/" + tenant.id())
        .with("outcome", "done")
        .withDocument("after", Optional.of(tenant.toJson()));
  }

  private BulkDraft draft(SqlConnection tx, JsonObject body) {
    TenantStatus status =
        TenantStatus.fromWireName(body.getString("status", TenantStatus.ACTIVE.wireName()));
    TenantDraft draft = TenantDraft.of(body);
    Set<String> services = references.require(tx, draft);
    UUID id = UuidCreator.getTimeOrderedEpoch();
    // Refuses what the contract does not allow.
    Tenant.of(id, draft, status).toEdge(EdgeHosts.NONE, Optional.empty());
    return new BulkDraft(id, draft, status, services);
  }

  /** Why a tenant is refused whose slug another one has. */
  public static ProblemException slugTaken() {
    return new ProblemException(
        Problem.SLUG_TAKEN, List.of(Fault.at("/slug", "belongs to another tenant already")));
  }
}
