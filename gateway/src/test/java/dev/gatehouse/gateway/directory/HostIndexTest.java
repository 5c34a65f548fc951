package dev.gatehouse.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgePlan;
import dev.gatehouse.contract.edge.EdgeRoute.HostClass;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.limit.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class HostIndexTest {
  private static final int CHANGES = 20_000;
  private static final int STAYING = 500;

  /** Two of each status. */
  private static final TenantHost[] TENANTS =
      Stream.of(TenantStatus.values())
          .flatMap(status ->
              Stream.of(HostClass.SUBDOMAIN, HostClass.CUSTOM)
                  .map(hostClass -> tenant(status, hostClass)))
          .toArray(TenantHost[]::new);

  @RepeatedTest(10)
  void holdsWhatAMapHolds() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    HostIndex index = new HostIndex();
    Map<String, TenantHost> model = new HashMap<>();
    int hosts = random.nextInt(1, 5_000);

    for (int change = 0; change < CHANGES; change++) {
      String host = host(random.nextInt(hosts));
      if (random.nextInt(3) == 0) {
        index.remove(host);
        model.remove(host);
      } else {
        TenantHost what = someTenant(random);
        index.put(host, what);
        model.put(host, what);
      }
      String asked = host(random.nextInt(hosts));
      assertThat(index.get(asked)).as("%s, seed %d", asked, seed).isEqualTo(model.get(asked));
    }

    for (int number = 0; number < hosts; number++) {
      assertThat(index.get(host(number)))
          .as("%s, seed %d", host(number), seed)
          .isEqualTo(model.get(host(number)));
    }
  }

  @Test
  void tellsHostsApartThatDifferInOneCharacter() {
    HostIndex index = new HostIndex();
    String host = "a".repeat(253);
    TenantHost[] expected = new TenantHost[host.length()];
    for (int at = 0; at < host.length(); at++) {
      expected[at] = tenant(TenantStatus.ACTIVE, HostClass.CUSTOM);
      index.put(host.substring(0, at) + "b" + host.substring(at + 1), expected[at]);
    }

    assertThat(index.get(host)).isNull();
    for (int at = 0; at < host.length(); at++) {
      assertThat(index.get(host.substring(0, at) + "b" + host.substring(at + 1)))
          .isEqualTo(expected[at]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsStatusClassAndRedirectOfHost(TenantStatus status) {
    HostIndex index = new HostIndex();

    for (HostClass hostClass : HostClass.values()) {
      TenantHost served = tenant(status, hostClass);
      TenantHost redirected = new TenantHost(served.tenant(), hostClass, status, true);
      for (TenantHost what : List.of(served, redirected, served)) {
        index.put("a.example", what);
        assertThat(index.get("a.example")).isEqualTo(what);
      }
    }
  }

  /** If each change took a place of its own, all of them would be in the way of a look-up. */
  @Test
  void staysFastForAHostThatGoesBackAndForth() {
    HostIndex index = new HostIndex();
    TenantHost active = tenant(TenantStatus.ACTIVE, HostClass.CUSTOM);
    TenantHost suspended = tenant(TenantStatus.SUSPENDED, HostClass.CUSTOM);
    IntStream.range(0, 500_000).forEach(number -> index.put(host(number), active));

    for (int change = 0; change < 400_000; change++) {
      switch (change % 4) {
        case 0 -> index.put(host(7), active);
        case 1 -> index.put(host(7), suspended);
        case 2 -> index.put(host(7), active);
        default -> index.remove(host(7));
      }
    }

    assertThat(index.get(host(7))).isNull();
    assertThat(index.get(host(8))).isEqualTo(active);
  }

  /** The places of removed and of changed hosts are won back, or this would take all memory. */
  @Test
  void goesOnThroughMillionsOfHostsThatComeAndGo() {
    HostIndex index = new HostIndex();
    TenantHost active = tenant(TenantStatus.ACTIVE, HostClass.SUBDOMAIN);
    TenantHost suspended = tenant(TenantStatus.SUSPENDED, HostClass.SUBDOMAIN);

    for (int number = 0; number < 1_500_000; number++) {
      String host = host(number);
      index.put(host, active);
      index.put("stays.example", number % 2 == 0 ? active : suspended);
      index.remove(host);
    }

    assertThat(index.get("stays.example")).isEqualTo(suspended);
    assertThat(index.get(host(0))).isNull();
  }

  /**
   * Hosts come, go and grow the index around those that stay; tenants, classes and statuses change
   * under the reader, and belong together whenever it looks.
   */
  @Test
  void aReaderAlwaysFindsWhatStays() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    HostIndex index = new HostIndex();
    IntStream.range(0, STAYING).forEach(number -> index.put(host(number), someTenant(random)));
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch reading = new CountDownLatch(1);

    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> readUntil(done, reading, index), Thread.ofPlatform().daemon()::start);
    try {
      reading.await();
      changeAround(index, random);
    } finally {
      done.set(true);
    }

    assertThat(reader).as("seed %d", seed).succeedsWithin(Duration.ofSeconds(30));
  }

  private static void changeAround(HostIndex index, SplittableRandom random) {
    for (int change = 0; change < 10 * CHANGES; change++) {
      String passing = host(STAYING + random.nextInt(1 + change / 4));
      if (random.nextBoolean()) {
        index.put(passing, someTenant(random));
      } else {
        index.remove(passing);
      }
      index.put(host(random.nextInt(STAYING)), someTenant(random));
    }
  }

  private static void readUntil(AtomicBoolean done, CountDownLatch reading, HostIndex index) {
    int number = 0;
    while (!done.get()) {
      TenantHost staying = index.get(host(number++ % STAYING));
      assertThat(staying).isNotNull().isIn((Object[]) TENANTS);
      TenantHost passing = index.get(host(STAYING + number % (10 * CHANGES)));
      if (passing != null) {
        assertThat(passing).isIn((Object[]) TENANTS);
      }
      reading.countDown();
    }
  }

  private static TenantHost someTenant(SplittableRandom random) {
    return TENANTS[random.nextInt(TENANTS.length)];
  }

  private static TenantHost tenant(TenantStatus status, HostClass hostClass) {
    EdgeTenant edge =
        new EdgeTenant(
            UUID.randomUUID(),
            new Slug("acme"),
            status,
            List.of(),
            Set.of(AuthenticationMethod.API_KEY),
            EdgeLimits.NONE);
    return new TenantHost(
        new Tenant(edge, EdgePlan.NONE, 1, Limits.none()), hostClass, status, false);
  }

  private static String host(int number) {
    return "tenant-" + number + ".example";
  }
}
