package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeBounds;
import dev.gatehouse.contract.edge.EdgeDomains;
import dev.gatehouse.contract.edge.EdgePlan;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.HostRedirect;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.client.AddressRules;
import dev.gatehouse.gateway.limit.TenantLimiter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as requests meet it. Immutable but for its limiter, which outlives changes of the
 * tenant, so that a change does not hand out a fresh burst.
 */
public final class Tenant {
  private static final Map<Set<AuthenticationMethod>, Set<AuthenticationMethod>> METHODS =
      new ConcurrentHashMap<>();

  private final EdgeTenant edge;
  private final long revision;
  private final TenantLimiter limiter;
  private final String id;
  private final String slug;
  private final TenantStatus status;
  private final Principal anonymous = Principal.anonymous();
  private volatile @Nullable Principal anonymousByRoute;
  private final Set<AuthenticationMethod> methods;
  private final long maxBodyBytes;
  private final int weight;
  private final AddressRules addresses;
  private final @Nullable Region region;

  Tenant(EdgeTenant edge, EdgePlan plan, long revision, TenantLimiter limiter) {
    this.edge = edge;
    this.revision = revision;
    this.limiter = limiter;
    this.id = edge.id().toString();
    this.slug = edge.slug().value();
    this.status = edge.status();
    this.methods = shared(edge.authentication());
    this.maxBodyBytes = edge.limits().orElse(plan.limits()).maxBodyBytes().orElse(Long.MAX_VALUE);
    this.weight = edge.weight().orElse(plan.weight().orElse(1));
    this.addresses = edge.bounds().map(Tenant::rulesOf).orElse(AddressRules.NONE);
    this.region = edge.bounds().flatMap(EdgeBounds::region).orElse(null);
  }

  /** What the control plane said of it. */
  public EdgeTenant edge() {
    return edge;
  }

  /** The revision at which it became what it is. */
  public long revision() {
    return revision;
  }

  /** Its id as text, made once. */
  public String id() {
    return id;
  }

  /** Its slug as text. */
  public String slug() {
    return slug;
  }

  /** Where it is in its life. */
  public TenantStatus status() {
    return status;
  }

  /**
   * Where clients of one of its hosts are sent.
   *
   * @param host one that {@link TenantHost#redirected} says it of
   */
  public HostRedirect redirectOf(String host) {
    return edge.domains().flatMap(EdgeDomains::redirects).orElse(List.of()).stream()
        .filter(redirect -> redirect.host().value().equals(host))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(host + " has no redirect"));
  }

  /** Its share of requests. */
  public TenantLimiter limiter() {
    return limiter;
  }

  /** The longest request body it may send, in bytes; {@link Long#MAX_VALUE} if it has no limit. */
  public long maxBodyBytes() {
    return maxBodyBytes;
  }

  /** Its turns beside other tenants' where a service is saturated, 1 to 100. */
  public int weight() {
    return weight;
  }

  /** From where its requests may come. */
  public AddressRules addresses() {
    return addresses;
  }

  /** Where alone it may be served; null if it is bound to no region. */
  public @Nullable Region region() {
    return region;
  }

  private static AddressRules rulesOf(EdgeBounds bounds) {
    return AddressRules.of(bounds.allow().orElse(List.of()), bounds.deny().orElse(List.of()));
  }

  /** Whoever comes without a credential. */
  public Principal anonymous() {
    return anonymous;
  }

  /** Whoever comes without a credential to an open route; made when the first does. */
  public Principal anonymousByRoute() {
    Principal known = anonymousByRoute;
    if (known == null) {
      known = Principal.anonymousByRoute();
      anonymousByRoute = known;
    }
    return known;
  }

  /** Whether callers may prove in this way who they are. */
  public boolean allows(AuthenticationMethod method) {
    return methods.contains(method);
  }

  /** One set for all tenants that say the same, of which there are 128 kinds at most. */
  private static Set<AuthenticationMethod> shared(Set<AuthenticationMethod> methods) {
    return METHODS.computeIfAbsent(
        methods,
        all -> {
          Set<AuthenticationMethod> fast = EnumSet.noneOf(AuthenticationMethod.class);
          fast.addAll(all);
          return fast;
        });
  }
}
