package dev.gatehouse.gateway.upstream;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.HealthCheck;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** The health checks of a pool's targets. Changes under the pool's lock alone. */
final class HealthMonitors {
  private final Environment environment;
  private final BiConsumer<Target, Optional<String>> heard;
  private final Map<Target, HealthMonitor> monitors = new HashMap<>();

  /**
   * @param heard told what is wrong with a target at each answer, empty if nothing is; on any
   *     thread
   */
  HealthMonitors(Environment environment, BiConsumer<Target, Optional<String>> heard) {
    this.environment = environment;
    this.heard = heard;
  }

  /** Asks these from now on, and no others any more; goes on with those that it asks already. */
  void watch(EdgeService service, HealthCheck check, Collection<Target> targets) {
    for (Target gone : Set.copyOf(monitors.keySet())) {
      if (!targets.contains(gone)) {
        requireNonNull(monitors.remove(gone)).stop();
      }
    }
    for (Target target : targets) {
      if (!monitors.containsKey(target)) {
        HealthMonitor monitor =
            new HealthMonitor(
                environment, service, check, target, failure -> heard.accept(target, failure));
        monitors.put(target, monitor);
        monitor.start();
      }
    }
  }

  /** Whether it asks this one. */
  boolean watches(Target target) {
    return monitors.containsKey(target);
  }

  /** Asks nobody any more. */
  void stop() {
    monitors.values().forEach(HealthMonitor::stop);
    monitors.clear();
  }
}
