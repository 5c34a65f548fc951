package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.contract.edge.EdgeDomains;
import dev.gatehouse.contract.edge.EdgeForwardAuth;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePartition;
import dev.gatehouse.contract.edge.EdgePartitionKey;
import dev.gatehouse.contract.edge.EdgePlacement;
import dev.gatehouse.contract.edge.EdgePlan;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.limit.TenantLimiter;
import dev.gatehouse.gateway.route.RoutingTable;
import dev.gatehouse.gateway.sign.DatabaseTokens;
import dev.gatehouse.gateway.sign.SigningKeyRing;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All tenants, keys, routes and services of one platform. Lookups are lock-free, from any thread,
 * in constant time; changes come from one thread, object by object, each visible at once; but those
 * of routes and services, which {@link #compileRoutes} makes visible together. A snapshot fills a
 * directory of its own, which then takes the place of the old one whole (see {@link
 * LiveDirectory}).
 *
 * <p>Why not copied on each change: with a million tenants a copy for every change is work without
 * end. See docs/decisions.
 */
public final class TenantDirectory {
  private final Hostname baseDomain;
  private final HostIndex tenantsByHost = new HostIndex();
  private final HostIndex tenantsByParent = new HostIndex();
  private final Challenges challenges = new Challenges();
  private final AcmeChallenges acmeChallenges = new AcmeChallenges();
  private final ServerCertificates certificates = new ServerCertificates();
  private final Map<String, EdgePartition> partitions = new ConcurrentHashMap<>();
  private final DatabaseTokens databaseTokens = new DatabaseTokens();
  private final Map<UUID, Tenant> tenantsById = new ConcurrentHashMap<>();
  private final Map<String, ApiKey> apiKeys = new ConcurrentHashMap<>();
  private final TenantIdentities identities = new TenantIdentities();
  private final Map<String, EdgePlan> plans = new HashMap<>();
  private final Map<UUID, EdgeRoute> routes = new HashMap<>();
  private final Map<String, EdgeService> services = new HashMap<>();
  private final Map<String, EdgeSigningKey> signingKeys = new HashMap<>();
  private boolean routesChanged;
  private volatile RoutingTable routingTable = RoutingTable.EMPTY;
  private volatile SigningKeyRing signingKeyRing = SigningKeyRing.EMPTY;

  /**
   * @param baseDomain tenants are reached at {@code slug.<base domain>}
   */
  public TenantDirectory(Hostname baseDomain) {
    this.baseDomain = baseDomain;
  }

  /**
   * Finds whose host this is. A host that is somebody's by itself is not looked for among the
   * wildcards.
   *
   * @param host in normal form (see {@link Hostname})
   * @return null if it is no tenant's
   */
  public @Nullable TenantHost byHost(String host) {
    TenantHost exact = tenantsByHost.get(host);
    return exact != null ? exact : byWildcard(host);
  }

  private @Nullable TenantHost byWildcard(String host) {
    int dot = host.indexOf('.');
    return dot <= 0 ? null : tenantsByParent.get(host.substring(dot + 1));
  }

  /** The host of a tenant under the base domain. */
  public String subdomainOf(String slug) {
    return slug + "." + baseDomain.value();
  }

  /** What is answered to whoever asks whether a host leads here. */
  public Challenges challenges() {
    return challenges;
  }

  /** What is answered to certificate authorities. */
  public AcmeChallenges acmeChallenges() {
    return acmeChallenges;
  }

  /** What hosts prove their names with. */
  public ServerCertificates certificates() {
    return certificates;
  }

  /** Finds a tenant. */
  public Optional<Tenant> byId(UUID id) {
    return Optional.ofNullable(tenantsById.get(id));
  }

  /** Finds an API key by its public part. */
  public Optional<ApiKey> apiKey(String id) {
    return Optional.ofNullable(apiKeys.get(id));
  }

  /** Whose word tenants take for who calls. */
  public TenantIdentities identities() {
    return identities;
  }

  /** All routes, ready to match. */
  public RoutingTable routingTable() {
    return routingTable;
  }

  /** The keys that sign contexts. */
  public SigningKeyRing signingKeyRing() {
    return signingKeyRing;
  }

  /** What mints the tokens that tenants' transactions begin with. */
  public DatabaseTokens databaseTokens() {
    return databaseTokens;
  }

  /** The version of an application's tables that a tenant has; 0 for none. */
  public int blueprintVersion(EdgeTenant tenant, String blueprint) {
    EdgePlacement place = tenant.placement().orElse(null);
    if (place == null) {
      return 0;
    }
    EdgePartition shared =
        place.strategy() == IsolationStrategy.SHARED ? partitions.get(place.partition()) : null;
    Map<String, Integer> versions =
        shared != null ? shared.blueprints() : place.blueprints().orElse(Map.of());
    return versions.getOrDefault(blueprint, 0);
  }

  /** How many tenants it holds. */
  public int size() {
    return tenantsById.size();
  }

  /**
   * Adds an object, or replaces the one of the same kind and key. Only the writing thread.
   *
   * @param limiters gives a tenant's limiter, the one it already has where there is one
   */
  void upsert(long revision, EdgeObject object, LimiterSource limiters) {
    switch (object) {
      case EdgePlan plan -> {
        plans.put(plan.name(), plan);
        deriveTenantsOf(plan.name(), limiters);
      }
      case EdgeTenant tenant -> upsertTenant(revision, tenant, limiters);
      case EdgeApiKey key -> apiKeys.put(key.id(), new ApiKey(key));
      case EdgeService service -> {
        services.put(service.name(), service);
        routesChanged = true;
      }
      case EdgeRoute route -> {
        routes.put(route.id(), route);
        routesChanged = true;
      }
      case EdgeSigningKey key -> {
        SigningKeyRing ring = signingKeyRing.with(key);
        signingKeys.put(key.kid(), key);
        signingKeyRing = ring;
      }
      case EdgeIdentityProvider provider -> identities.upsert(provider);
      case EdgeClientAuthority authority -> identities.upsert(authority);
      case EdgeIntrospection introspection -> identities.upsert(introspection);
      case EdgeForwardAuth forwardAuth -> identities.upsert(forwardAuth);
      case EdgeCertificate certificate -> certificates.upsert(certificate);
      case EdgeAcmeChallenge challenge -> acmeChallenges.upsert(challenge);
      case EdgePartition partition -> partitions.put(partition.name(), partition);
      case EdgePartitionKey key -> databaseTokens.upsert(key);
    }
  }

  /**
   * Takes an object out; does nothing if it is not there. Only the writing thread.
   *
   * @param limiters as for {@link #upsert}
   */
  void remove(EdgeObject.Kind kind, String key, LimiterSource limiters) {
    switch (kind) {
      case PLAN -> {
        plans.remove(key);
        deriveTenantsOf(key, limiters);
      }
      case TENANT -> {
        Tenant gone = tenantsById.remove(UUID.fromString(key));
        if (gone != null) {
          forgetHosts(gone);
        }
      }
      case API_KEY -> apiKeys.remove(key);
      case SERVICE -> {
        services.remove(key);
        routesChanged = true;
      }
      case ROUTE -> {
        routes.remove(UUID.fromString(key));
        routesChanged = true;
      }
      case SIGNING_KEY -> {
        signingKeys.remove(key);
        signingKeyRing = SigningKeyRing.of(signingKeys.values());
      }
      case IDENTITY_PROVIDER -> identities.removeIdentityProvider(UUID.fromString(key));
      case CLIENT_AUTHORITY -> identities.removeClientAuthority(UUID.fromString(key));
      case INTROSPECTION -> identities.removeIntrospection(UUID.fromString(key));
      case FORWARD_AUTH -> identities.removeForwardAuth(UUID.fromString(key));
      case CERTIFICATE -> certificates.remove(UUID.fromString(key));
      case ACME_CHALLENGE -> acmeChallenges.remove(key);
      case PARTITION -> partitions.remove(key);
      case PARTITION_KEY -> databaseTokens.remove(key);
    }
  }

  /**
   * Decides by the services and routes as they now are. Apart from the changes themselves, for it
   * looks at every route. Only the writing thread.
   *
   * @return whether any had changed
   */
  boolean compileRoutes() {
    if (!routesChanged) {
      return false;
    }
    routingTable = RoutingTable.of(routes.values(), services);
    routesChanged = false;
    return true;
  }

  /** All services. Only the writing thread. */
  Collection<EdgeService> services() {
    return services.values();
  }

  /** All tenants. Only the writing thread. */
  public Stream<Tenant> tenants() {
    return tenantsById.values().stream();
  }

  /** Every object, services and routes first. Only the writing thread. */
  void forEachObject(Consumer<EdgeObject> visitor) {
    signingKeys.values().forEach(visitor);
    services.values().forEach(visitor);
    plans.values().forEach(visitor);
    routes.values().forEach(visitor);
    tenantsById.values().forEach(tenant -> visitor.accept(tenant.edge()));
    apiKeys.values().forEach(key -> visitor.accept(key.edge()));
    identities.forEachObject(visitor);
    certificates.all().forEach(certificate -> visitor.accept(certificate.edge()));
    acmeChallenges.forEachObject(visitor);
    partitions.values().forEach(visitor);
    databaseTokens.forEachObject(visitor);
  }

  private void upsertTenant(long revision, EdgeTenant edge, LimiterSource limiters) {
    Tenant before = tenantsById.get(edge.id());
    EdgePlan plan = edge.plan().map(plans::get).orElse(EdgePlan.NONE);
    EdgeLimits limits = edge.limits().orElse(plan.limits());
    Tenant now = new Tenant(edge, plan, revision, limiters.limiterOf(edge.id(), limits, before));
    tenantsById.put(edge.id(), now);
    hostsOf(now, HostIndex::put);
    challenges.add(now);
    if (before != null) {
      forgetHosts(before);
    }
  }

  /** A plan is changed rarely, and by hand: looking at every tenant then is cheap enough. */
  private void deriveTenantsOf(String plan, LimiterSource limiters) {
    for (Tenant tenant : tenantsById.values()) {
      if (tenant.edge().plan().filter(plan::equals).isPresent()) {
        upsertTenant(tenant.revision(), tenant.edge(), limiters);
      }
    }
  }

  /** Only what still points to it: a host may have moved to another tenant, or to its successor. */
  private void forgetHosts(Tenant gone) {
    challenges.remove(gone);
    hostsOf(
        gone,
        (index, host, _) -> {
          TenantHost known = index.get(host);
          if (known != null && known.tenant() == gone) {
            index.remove(host);
          }
        });
  }

  private void hostsOf(Tenant tenant, HostVisitor visitor) {
    EdgeTenant edge = tenant.edge();
    EdgeDomains domains = edge.domains().orElse(EdgeDomains.NONE);
    TenantHost served = host(tenant, HostClass.CUSTOM, false);
    domains
        .redirects()
        .orElse(List.of())
        .forEach(redirect ->
            visitor.visit(
                tenantsByHost,
                redirect.host().value(),
                host(tenant, classOf(redirect.host()), true)));
    visitor.visit(
        tenantsByHost, subdomainOf(edge.slug().value()), host(tenant, HostClass.SUBDOMAIN, false));
    edge.hosts().forEach(host -> visitor.visit(tenantsByHost, host.value(), served));
    domains
        .wildcards()
        .orElse(List.of())
        .forEach(parent -> visitor.visit(tenantsByParent, parent.value(), served));
  }

  private HostClass classOf(Hostname host) {
    return host.isBelow(baseDomain) ? HostClass.SUBDOMAIN : HostClass.CUSTOM;
  }

  private static TenantHost host(Tenant tenant, HostClass hostClass, boolean redirected) {
    return new TenantHost(tenant, hostClass, tenant.status(), redirected);
  }

  /** Where a tenant's limiter comes from. */
  @FunctionalInterface
  interface LimiterSource {
    /**
     * Gives a tenant's limiter.
     *
     * @param tenant its id
     * @param limits its own and its plan's
     * @param before the tenant as this directory had it; null if it is new here
     */
    TenantLimiter limiterOf(UUID tenant, EdgeLimits limits, @Nullable Tenant before);
  }

  @FunctionalInterface
  private interface HostVisitor {
    void visit(HostIndex index, String host, TenantHost meaning);
  }
}
