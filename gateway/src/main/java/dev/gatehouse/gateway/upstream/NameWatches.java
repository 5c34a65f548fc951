package dev.gatehouse.gateway.upstream;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the addresses of all names among a pool's endpoints fresh. Changes under the pool's lock
 * alone.
 */
final class NameWatches {
  private final Environment environment;
  private final Runnable changed;
  private final Map<String, NameWatch> names = new HashMap<>();
  private volatile Future<Void> resolved = Future.succeededFuture();

  /**
   * @param changed told when addresses have changed; on any thread
   */
  NameWatches(Environment environment, Runnable changed) {
    this.environment = environment;
    this.changed = changed;
  }

  /** Watches the names of these endpoints, and no others any more. */
  void watch(List<Endpoint> endpoints) {
    Set<String> wanted = new HashSet<>();
    for (Endpoint endpoint : endpoints) {
      if (NameResolver.literal(endpoint.host()).isEmpty()) {
        wanted.add(endpoint.host());
      }
    }
    for (String gone : Set.copyOf(names.keySet())) {
      if (!wanted.contains(gone)) {
        requireNonNull(names.remove(gone)).stop();
      }
    }
    for (String name : wanted) {
      if (!names.containsKey(name)) {
        NameWatch watch = new NameWatch(name, environment, changed);
        names.put(name, watch);
        watch.start();
      }
    }
    resolved = Future.join(names.values().stream().map(NameWatch::first).toList()).mapEmpty();
  }

  void stop() {
    names.values().forEach(NameWatch::stop);
  }

  /** Completed when every name has had its first answer. Any thread. */
  Future<Void> resolved() {
    return resolved;
  }

  /** Where an endpoint is found: all that is known of its name, or the address that it is. */
  List<String> addressesOf(Endpoint endpoint) {
    NameWatch watch = names.get(endpoint.host());
    return watch != null
        ? watch.addresses()
        : NameResolver.literal(endpoint.host()).orElse(List.of());
  }

  /** What was wrong with the last answer of DNS for an endpoint; empty if nothing was. */
  Optional<String> failureOf(Endpoint endpoint) {
    return Optional.ofNullable(names.get(endpoint.host())).flatMap(NameWatch::failure);
  }
}
