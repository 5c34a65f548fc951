package dev.gatehouse.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.contract.usage.RouteUsage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who has series, and what is counted in them. */
class TenantSeriesTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Map<UUID, String> slugs = new HashMap<>();

  private TenantSeries series(int tenants, String... always) {
    return new TenantSeries(
        new MetricsConfig(10, tenants, Set.of(always), Duration.ofSeconds(1)),
        id -> Optional.ofNullable(slugs.get(id)),
        registry);
  }

  private UUID tenant(String slug) {
    UUID id = UUID.randomUUID();
    slugs.put(id, slug);
    return id;
  }

  private static RouteUsage usage(UUID tenant, long requests) {
    return new RouteUsage(
        tenant,
        Optional.empty(),
        "",
        List.of(0L, 0L, requests, 0L, 0L, 0L),
        requests,
        0,
        0,
        10,
        20,
        0,
        1_500_000,
        Collections.nCopies(LatencyBuckets.COUNT, 0L));
  }

  private Set<String> shown() {
    return registry.find("gatehouse.tenant.requests").counters().stream()
        .map(counter -> String.valueOf(counter.getId().getTag("tenant")))
        .collect(Collectors.toSet());
  }

  private double requests(String slug) {
    return registry.find("gatehouse.tenant.requests").tag("tenant", slug).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @Test
  void countsWhoHasNoSeriesAsOther() {
    TenantSeries series = series(1);
    series.add(usage(tenant("acme"), 5));

    assertThat(requests("other")).isEqualTo(5);
    assertThat(shown()).containsExactly("other");
  }

  @Test
  void showsThoseThatAskMost() {
    TenantSeries series = series(2);
    UUID least = tenant("least");
    UUID most = tenant("most");
    UUID much = tenant("much");
    series.add(usage(least, 1));
    series.add(usage(most, 100));
    series.add(usage(much, 50));
    series.rank();
    series.add(usage(most, 7));
    series.add(usage(least, 2));

    assertThat(shown()).containsExactlyInAnyOrder("other", "most", "much");
    assertThat(requests("most")).isEqualTo(7);
    assertThat(requests("other")).isEqualTo(153);
    assertThat(
            registry
                .get("gatehouse.tenant.bytes")
                .tags("tenant", "most", "direction", "out")
                .counter()
                .count())
        .isEqualTo(20);
    assertThat(
            registry.get("gatehouse.tenant.request.time").tag("tenant", "most").counter().count())
        .isEqualTo(1.5);
  }

  @Test
  void changesPlacesOnlyForWhoAsksClearlyMore() {
    TenantSeries series = series(1);
    UUID first = tenant("first");
    UUID second = tenant("second");
    series.add(usage(first, 100));
    series.rank();
    series.add(usage(first, 100));
    series.add(usage(second, 180));
    series.rank();
    assertThat(shown()).containsExactlyInAnyOrder("other", "first");

    series.add(usage(second, 1000));
    series.rank();

    assertThat(shown()).containsExactlyInAnyOrder("other", "second");
  }

  @Test
  void neverCountsBackNorTwice() {
    TenantSeries series = series(1);
    UUID first = tenant("first");
    UUID second = tenant("second");
    series.add(usage(first, 100));
    series.rank();
    series.add(usage(first, 10));
    series.add(usage(second, 1000));
    double before = requests("other");
    series.rank();
    series.add(usage(first, 1));

    assertThat(before).isEqualTo(1100);
    assertThat(requests("other")).isEqualTo(1101);
    assertThat(requests("second")).isZero();
  }

  @Test
  void alwaysShowsThoseThatWereChosenOnceTheyAsk() {
    TenantSeries series = series(1, "quiet");
    UUID quiet = tenant("quiet");
    UUID loud = tenant("loud");
    series.add(usage(loud, 1000));
    series.add(usage(quiet, 1));
    series.rank();

    assertThat(shown()).containsExactlyInAnyOrder("other", "loud", "quiet");
  }

  @Test
  void forgetsTenantsThatAreGone() {
    TenantSeries series = series(1);
    UUID gone = tenant("gone");
    series.add(usage(gone, 10));
    series.rank();
    slugs.remove(gone);
    series.rank();

    assertThat(shown()).containsExactly("other");
  }

  @Test
  void hasSoManySeriesHoweverManyTenantsThereAre() {
    TenantSeries series = series(20);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 2000; i++) {
        UUID id = new UUID(0, i);
        slugs.put(id, "t" + i);
        series.add(usage(id, i));
      }
      series.rank();
    }

    assertThat(shown()).hasSize(21);
    assertThat(registry.getMeters()).hasSize(21 * 11);
  }
}
