package dev.gatehouse.gateway.observe;

import dev.gatehouse.contract.usage.RouteUsage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Series by tenant, of those that ask most and those that were chosen; all others together are
 * {@value #OTHER}. So many series there are at most, however many tenants there are. One thread at
 * a time.
 *
 * <p>A tenant gets series of its own once it asks clearly more than the least of those that have
 * some, so that two that ask as much do not take turns. Whoever loses them is counted as {@value
 * #OTHER} from then on; what was counted before goes with its series, since a counter that took it
 * over would look like that many requests at once. New series begin at zero, and are shown once
 * before they count, so that nothing of them is missed.
 */
public final class TenantSeries {
  static final String OTHER = "other";

  /** How much more a tenant must ask than the one whose place it takes. */
  private static final double CLEARLY = 1.5;

  /** What is remembered of how much a tenant asked before, from one ranking to the next. */
  private static final double REMEMBERED = 0.5;

  private static final double FORGOTTEN = 0.5;

  private final MetricsConfig config;
  private final Function<UUID, Optional<String>> slugs;
  private final MeterRegistry registry;
  private final Map<UUID, Double> asked = new HashMap<>();
  private final Map<UUID, Series> own = new HashMap<>();
  private final Series other;

  /**
   * @param slugs what a tenant is called; empty if there is none
   */
  public TenantSeries(
      MetricsConfig config, Function<UUID, Optional<String>> slugs, MeterRegistry registry) {
    this.config = config;
    this.slugs = slugs;
    this.registry = registry;
    this.other = new Series(OTHER);
  }

  /** Something of a tenant was counted. */
  public void add(RouteUsage usage) {
    own.getOrDefault(usage.tenant(), other).add(usage);
    asked.merge(usage.tenant(), (double) sum(usage.requests()), Double::sum);
  }

  /** Finds out anew who asks most. */
  public void rank() {
    own.entrySet()
        .removeIf(entry -> {
          boolean gone = !isCalled(entry.getKey(), entry.getValue().tenant);
          if (gone) {
            entry.getValue().remove();
          }
          return gone;
        });
    boolean room = true;
    for (UUID tenant : newcomers()) {
      String slug = slugs.apply(tenant).orElse(OTHER);
      if (slug.equals(OTHER)) {
        continue;
      }
      if (config.alwaysTenants().contains(slug)) {
        own.put(tenant, new Series(slug));
      } else if (room) {
        // Those after the first for whom there is none ask less.
        room = makeRoom(score(tenant));
        if (room) {
          own.put(tenant, new Series(slug));
        }
      }
    }
    asked.replaceAll((_, score) -> score * REMEMBERED);
    asked.values().removeIf(score -> score < FORGOTTEN);
  }

  private boolean isCalled(UUID tenant, String slug) {
    return slugs.apply(tenant).filter(slug::equals).isPresent();
  }

  /** Those that have no series of their own, the most asking first. */
  private List<UUID> newcomers() {
    return asked.keySet().stream()
        .filter(tenant -> !own.containsKey(tenant))
        .sorted(Comparator.comparingDouble(this::score).reversed())
        .toList();
  }

  private boolean makeRoom(double score) {
    List<UUID> ranked = ranked();
    if (ranked.size() < config.tenants()) {
      return true;
    }
    if (ranked.isEmpty() || score <= CLEARLY * score(ranked.getLast())) {
      return false;
    }
    Series least = own.remove(ranked.getLast());
    if (least != null) {
      least.remove();
    }
    return true;
  }

  /** Those that have series because of how much they ask, the most first. */
  private List<UUID> ranked() {
    return own.entrySet().stream()
        .filter(entry -> !config.alwaysTenants().contains(entry.getValue().tenant))
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparingDouble(this::score).reversed())
        .toList();
  }

  private double score(UUID tenant) {
    return asked.getOrDefault(tenant, 0.0);
  }

  private static long sum(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  /** The series of one tenant, or of the others. */
  private final class Series {
    private final String tenant;
    private final List<Meter> meters = new ArrayList<>();
    private final List<Counter> requests = new ArrayList<>();
    private final Counter refused;
    private final Counter limited;
    private final Counter seconds;
    private final Counter bytesIn;
    private final Counter bytesOut;

    Series(String tenant) {
      this.tenant = tenant;
      for (int status = 0; status < RouteUsage.CLASSES; status++) {
        requests.add(
            registered(
                Counter.builder("gatehouse.tenant.requests")
                    .description("Requests of a tenant, by class of status")
                    .tag("status", status == 0 ? "none" : status + "xx")));
      }
      refused =
          registered(
              Counter.builder("gatehouse.tenant.refused")
                  .description("Requests of a tenant that the gateway itself ended"));
      limited =
          registered(
              Counter.builder("gatehouse.tenant.limited")
                  .description("Those of them that were more than the tenant may ask"));
      seconds =
          registered(
              Counter.builder("gatehouse.tenant.request.time")
                  .description("How long all requests of a tenant took together")
                  .baseUnit("seconds"));
      bytesIn = bytes("in");
      bytesOut = bytes("out");
    }

    private Counter bytes(String direction) {
      return registered(
          Counter.builder("gatehouse.tenant.bytes")
              .description("Bytes of bodies that a tenant's clients sent, and got")
              .baseUnit("bytes")
              .tag("direction", direction));
    }

    private Counter registered(Counter.Builder builder) {
      Counter counter = builder.tag("tenant", tenant).register(registry);
      meters.add(counter);
      return counter;
    }

    void add(RouteUsage usage) {
      for (int status = 0; status < RouteUsage.CLASSES; status++) {
        requests.get(status).increment((double) usage.requests().get(status));
      }
      refused.increment((double) usage.refused());
      limited.increment((double) usage.limited());
      seconds.increment(usage.micros() / 1e6);
      bytesIn.increment((double) usage.bytesIn());
      bytesOut.increment((double) usage.bytesOut());
    }

    void remove() {
      meters.forEach(registry::remove);
    }
  }
}
