package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.ServiceOverride;
import dev.gatehouse.gateway.directory.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One service: the pool that all tenants share, and the silos of those with their own. */
final class ServicePools {
  private final Pool shared;
  private final Map<UUID, Silo> silos = new ConcurrentHashMap<>();
  private volatile EdgeService service;

  ServicePools(EdgeService service, Environment environment) {
    this.service = service;
    this.shared = new Pool(environment, service, service.endpoints());
  }

  String name() {
    return service.name();
  }

  EdgeService service() {
    return service;
  }

  Pool shared() {
    return shared;
  }

  Map<UUID, Silo> silos() {
    return silos;
  }

  /** Everything that the service has. */
  Stream<Pool> all() {
    return Stream.concat(Stream.of(shared), silos.values().stream().map(Silo::pool));
  }

  void configure(EdgeService changed) {
    service = changed;
    shared.configure(changed, changed.endpoints());
    silos.values().forEach(silo -> silo.pool.configure(changed));
  }

  void close() {
    all().forEach(Pool::close);
  }

  /**
   * What a tenant's requests use.
   *
   * @return null if it needs a silo and there are too many
   */
  @Nullable Pool of(Tenant tenant, Upstreams upstreams) {
    Optional<List<Endpoint>> own = ownOf(tenant);
    if (own.isEmpty()) {
      return shared;
    }
    Silo silo = silos.get(tenant.edge().id());
    return silo != null && silo.revision >= tenant.revision()
        ? silo.pool
        : upstreams.silo(this, tenant.edge(), own.get(), tenant.revision());
  }

  /** The endpoints that a tenant has to itself; empty if it uses those of the service. */
  Optional<List<Endpoint>> ownOf(Tenant tenant) {
    ServiceOverride override = tenant.edge().services().orElse(Map.of()).get(service.name());
    return override == null ? Optional.empty() : override.endpoints();
  }

  double count(String state) {
    return all().mapToLong(pool -> pool.count(state)).sum();
  }

  double panics() {
    return all().filter(pool -> pool.published().panic()).count();
  }

  /**
   * A tenant's own endpoints.
   *
   * @param revision of the tenant that they were configured by
   */
  record Silo(Pool pool, long revision) {}
}
