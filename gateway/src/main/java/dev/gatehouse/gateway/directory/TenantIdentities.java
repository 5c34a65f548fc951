package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.contract.edge.EdgeForwardAuth;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.gateway.authenticate.certificate.TenantAuthorities;
import dev.gatehouse.gateway.authenticate.introspection.TenantIntrospection;
import dev.gatehouse.gateway.authenticate.jwt.TenantIssuers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whose word each tenant takes for who calls. Lookups are lock-free, from any thread; changes come
 * from one thread.
 */
public final class TenantIdentities {
  private final Map<UUID, EdgeIdentityProvider> identityProviders = new HashMap<>();
  private final Map<UUID, TenantIssuers> issuers = new ConcurrentHashMap<>();
  private final Map<UUID, EdgeClientAuthority> clientAuthorities = new HashMap<>();
  private final Map<UUID, TenantAuthorities> authorities = new ConcurrentHashMap<>();
  private final Map<UUID, TenantIntrospection> introspections = new ConcurrentHashMap<>();
  private final Map<UUID, EdgeForwardAuth> forwardAuths = new ConcurrentHashMap<>();

  TenantIdentities() {}

  /** The issuers whose tokens a tenant accepts. */
  public TenantIssuers issuersOf(UUID tenant) {
    return issuers.getOrDefault(tenant, TenantIssuers.NONE);
  }

  /** The authorities whose certificates let callers of a tenant in. */
  public TenantAuthorities authoritiesOf(UUID tenant) {
    return authorities.getOrDefault(tenant, TenantAuthorities.NONE);
  }

  /** The authorization server that a tenant has asked about tokens. */
  public Optional<TenantIntrospection> introspectionOf(UUID tenant) {
    return Optional.ofNullable(introspections.get(tenant));
  }

  /** The service that decides about a tenant's requests. */
  public Optional<EdgeForwardAuth> forwardAuthOf(UUID tenant) {
    return Optional.ofNullable(forwardAuths.get(tenant));
  }

  void upsert(EdgeIdentityProvider provider) {
    EdgeIdentityProvider before = identityProviders.put(provider.id(), provider);
    trust(provider.tenantId(), before, provider);
  }

  void upsert(EdgeClientAuthority authority) {
    EdgeClientAuthority before = clientAuthorities.put(authority.id(), authority);
    trust(authority.tenantId(), before, authority);
  }

  void upsert(EdgeIntrospection introspection) {
    introspections.put(introspection.tenantId(), new TenantIntrospection(introspection));
  }

  void upsert(EdgeForwardAuth forwardAuth) {
    forwardAuths.put(forwardAuth.tenantId(), forwardAuth);
  }

  void removeIdentityProvider(UUID id) {
    EdgeIdentityProvider gone = identityProviders.remove(id);
    if (gone != null) {
      trust(gone.tenantId(), gone, null);
    }
  }

  void removeClientAuthority(UUID id) {
    EdgeClientAuthority gone = clientAuthorities.remove(id);
    if (gone != null) {
      trust(gone.tenantId(), gone, null);
    }
  }

  void removeIntrospection(UUID tenant) {
    introspections.remove(tenant);
  }

  void removeForwardAuth(UUID tenant) {
    forwardAuths.remove(tenant);
  }

  void forEachObject(Consumer<EdgeObject> visitor) {
    identityProviders.values().forEach(visitor);
    clientAuthorities.values().forEach(visitor);
    introspections.values().forEach(server -> visitor.accept(server.edge()));
    forwardAuths.values().forEach(visitor);
  }

  /** Puts one of a tenant's authorities in the place of another. */
  private void trust(
      UUID tenant, @Nullable EdgeClientAuthority before, @Nullable EdgeClientAuthority now) {
    List<EdgeClientAuthority> all = new ArrayList<>(authoritiesOf(tenant).edges());
    all.remove(before);
    if (now != null) {
      all.add(now);
    }
    if (all.isEmpty()) {
      authorities.remove(tenant);
    } else {
      authorities.put(tenant, new TenantAuthorities(all));
    }
  }

  /** Puts one of a tenant's providers in the place of another. */
  private void trust(
      UUID tenant, @Nullable EdgeIdentityProvider before, @Nullable EdgeIdentityProvider now) {
    List<EdgeIdentityProvider> providers = new ArrayList<>(issuersOf(tenant).providers());
    providers.remove(before);
    if (now != null) {
      providers.add(now);
    }
    if (providers.isEmpty()) {
      issuers.remove(tenant);
    } else {
      issuers.put(tenant, new TenantIssuers(providers));
    }
  }
}
