package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.Destinations;
import dev.gatehouse.contract.edge.Destinations.BlueprintRange;
import dev.gatehouse.contract.edge.Destinations.Destination;
import dev.gatehouse.contract.edge.Destinations.SplitBy;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.gateway.authenticate.Authenticated;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Services among which requests are split by weight. What stays together is hashed with the id of
 * the route, so that every gateway decides alike and two routes do not pick the same tenants. The
 * services divide the hash space in the order in which they are listed: where the weights change
 * and their sum does not, only those move who must.
 */
final class Split implements ServiceChoice {
  private final SplitBy splitBy;
  private final long seed;
  private final Map<UUID, EdgeService> named = new HashMap<>();
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Share> shares = new ArrayList<>();
  private int total;

  private Split(SplitBy splitBy, long seed) {
    this.splitBy = splitBy;
    this.seed = seed;
  }

  static Split of(
      UUID routeId, Destinations destinations, Map<String, EdgeService> servicesByName) {
    Split split = new Split(destinations.splitBy().orElse(SplitBy.TENANT), hash(0, routeId));
    for (Destination destination : destinations.services()) {
      split.add(destination, ServiceChoice.known(destination.service(), servicesByName));
    }
    return split;
  }

  private void add(Destination destination, EdgeService service) {
    total += destination.weight();
    shares.add(new Share(total, service));
    destination.tenants().ifPresent(ids -> ids.forEach(id -> named.putIfAbsent(id, service)));
    destination.blueprint().ifPresent(range -> conditions.add(new Condition(range, service)));
  }

  @Override
  public EdgeService choose(Authenticated request) {
    EdgeTenant edge = request.request().tenant().edge();
    UUID tenant = edge.id();
    EdgeService always = named.get(tenant);
    if (always != null) {
      return always;
    }
    for (Condition condition : conditions) {
      BlueprintRange range = condition.range;
      if (range.holds(request.request().directory().blueprintVersion(edge, range.name()))) {
        return condition.service;
      }
    }
    return at(
        switch (splitBy) {
          case TENANT -> hash(seed, tenant);
          case PRINCIPAL -> hash(hash(seed, tenant), request.principal().subject());
          case REQUEST -> ThreadLocalRandom.current().nextLong();
        });
  }

  /**
   * The service whose part of the hash space holds a hash.
   *
   * @param hash all 64 bits count
   */
  EdgeService at(long hash) {
    long point = Math.unsignedMultiplyHigh(hash, total);
    for (Share share : shares) {
      if (point < share.end) {
        return share.service;
      }
    }
    throw new IllegalStateException("a point outside of all shares: " + point);
  }

  private static long hash(long seed, UUID id) {
    return mix(mix(seed ^ id.getMostSignificantBits()) ^ id.getLeastSignificantBits());
  }

  private static long hash(long seed, String text) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /** The finalizer of SplitMix64: every bit of the input moves every bit of the output. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** Tenants whose tables have such a version go there. */
  private record Condition(BlueprintRange range, EdgeService service) {}

  /** Points up to an end, from the end of the share before. */
  private record Share(int end, EdgeService service) {}
}
