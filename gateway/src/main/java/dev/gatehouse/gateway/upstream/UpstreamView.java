package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.Balancing;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.tenant.Region;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The upstreams as JSON, for the admin port and for who explains a request. */
final class UpstreamView {
  /** Silos of one service that are shown; their number is always told. */
  private static final int MOST_SILOS = 100;

  private final long now;
  private final Instant wallClock = Instant.now();

  private UpstreamView(long now) {
    this.now = now;
  }

  static JsonObject of(Collection<ServicePools> services, Environment environment) {
    UpstreamView view = new UpstreamView(environment.ticker().getAsLong());
    JsonArray all = new JsonArray();
    services.stream()
        .sorted(Comparator.comparing(ServicePools::name))
        .forEach(pools -> all.add(view.service(pools)));
    JsonObject json = new JsonObject();
    environment.config().zone().ifPresent(zone -> json.put("zone", zone));
    return json.put("services", all);
  }

  /**
   * The endpoints that one request chooses among, and those beside them.
   *
   * @param region where alone the request may go; null for anywhere
   */
  static JsonObject of(
      ServicePools pools, Pool pool, @Nullable Region region, Environment environment) {
    UpstreamView view = new UpstreamView(environment.ticker().getAsLong());
    boolean own = pool != pools.shared();
    return view.pool(JsonObject.of("own", own, "policy", policyOf(pools)), pool, region);
  }

  /** A tenant's own endpoints, of which nothing is known before they are used. */
  static JsonObject unused(ServicePools pools, List<Endpoint> own) {
    JsonArray endpoints = new JsonArray();
    own.forEach(endpoint -> endpoints.add(endpoint(endpoint).put("addresses", new JsonArray())));
    return JsonObject.of("own", true, "policy", policyOf(pools), "endpoints", endpoints);
  }

  private static String policyOf(ServicePools pools) {
    return pools.service().balancing().orElse(Balancing.DEFAULT).policy().wireName();
  }

  private JsonObject service(ServicePools pools) {
    JsonObject json = new JsonObject().put("service", pools.name()).put("policy", policyOf(pools));
    pool(json, pools.shared());
    json.put("silos", pools.silos().size());
    if (!pools.silos().isEmpty()) {
      JsonArray tenants = new JsonArray();
      pools.silos().entrySet().stream()
          .limit(MOST_SILOS)
          .forEach(silo ->
              tenants.add(
                  pool(
                      new JsonObject().put("tenant", silo.getKey().toString()),
                      silo.getValue().pool())));
      json.put("tenants", tenants);
    }
    return json;
  }

  private JsonObject pool(JsonObject json, Pool pool) {
    return pool(json, pool, null);
  }

  private JsonObject pool(JsonObject json, Pool pool, @Nullable Region region) {
    TargetSet inRegion = region == null ? pool.published() : pool.published(region);
    TargetSet published = inRegion == null ? pool.published() : inRegion;
    JsonArray endpoints = new JsonArray();
    pool.describe((endpoint, dnsFailure, targets) -> {
      JsonObject shown = endpoint(endpoint);
      dnsFailure.ifPresent(failure -> shown.put("dnsFailure", failure));
      JsonArray addresses = new JsonArray();
      targets.forEach(target -> addresses.add(target(target, published, region)));
      endpoints.add(shown.put("addresses", addresses));
    });
    return json.put("panic", published.panic())
        .put("ownZoneOnly", published.local())
        .put("endpoints", endpoints);
  }

  private static JsonObject endpoint(Endpoint endpoint) {
    JsonObject json =
        new JsonObject()
            .put("host", endpoint.host())
            .put("port", endpoint.port())
            .put("tls", endpoint.tls())
            .put("weight", endpoint.weight().orElse(1));
    endpoint.zone().ifPresent(zone -> json.put("zone", zone));
    endpoint.region().ifPresent(region -> json.put("region", region.value()));
    return json;
  }

  private JsonObject target(Target target, TargetSet published, @Nullable Region region) {
    Fitness fitness = target.fitness;
    JsonObject json =
        new JsonObject()
            .put("address", target.address().host())
            .put("state", fitness.state())
            .put("reason", fitness.reason())
            .put("since", at(fitness.since()))
            .put("inFlight", target.inFlight());
    boolean outside = region != null && !target.endpoint().region().equals(Optional.of(region));
    Optional<String> whyNot =
        outside
            ? Optional.of("outside of the tenant's region " + region)
            : published.whyNot(target);
    json.put("eligible", whyNot.isEmpty());
    whyNot.ifPresent(because -> json.put("because", because));
    if (fitness.ejected()) {
      json.put("ejectedUntil", at(fitness.ejectedUntil()));
    }
    if (published.warming(now)) {
      long full = (long) target.weight() * TargetSet.WEIGHT_UNIT;
      json.put("sharePercent", published.weightAt(target, now) * 100 / full);
    }
    return json;
  }

  private String at(long ticks) {
    return wallClock.plusNanos(ticks - now).truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
