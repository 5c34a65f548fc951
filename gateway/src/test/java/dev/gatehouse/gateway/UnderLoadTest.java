package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.drain.DrainConfig;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gateways come and go, and the configuration changes; clients see nothing of it. */
@Timeout(120)
class UnderLoadTest {
  private static final int CLIENTS = 8;
  private static final DrainConfig DRAIN =
      new DrainConfig(Duration.ofMillis(300), Duration.ofSeconds(20));

  @Test
  void losesNoRequestWhenGatewaysAreReplaced() throws Exception {
    try (Platform platform = new Platform()) {
      TestTenant tenant = platform.tenant();
      Gateway leaving = platform.startAnother(DRAIN);
      AtomicReference<Gateway> ready = new AtomicReference<>(leaving);
      try (Load load = new Load(CLIENTS, tenant, () -> ready.get().httpPort())) {
        for (int restart = 0; restart < 3; restart++) {
          load.awaitAnswers(300);
          Gateway next = platform.startAnother(DRAIN);
          ready.set(next);
          leaving.drain();
          leaving = next;
        }
        load.awaitAnswers(300);

        assertThat(load.failures()).isEmpty();
        assertThat(load.connections()).isEqualTo(4 * CLIENTS);
      } finally {
        leaving.close();
      }
    }
  }

  @Test
  void dropsNoConnectionWhenTheConfigurationChangesAThousandTimes() throws Exception {
    try (Platform platform = new Platform()) {
      TestTenant tenant = platform.tenant();
      TestTenant other = platform.tenant();
      try (Load load = new Load(CLIENTS, tenant, platform.gateway::httpPort)) {
        load.awaitAnswers(100);
        for (int change = 0; change < 200; change++) {
          EdgeRoute route = EdgeRoute.toService(UUID.randomUUID(), "/r" + change, "app");
          platform.feed.put(route);
          platform.feed.put(platform.upstream.service("app"));
          platform.feed.put(tenant.edge());
          platform.feed.put(
              Platform.with(
                  other.edge(), change % 2 == 0 ? TenantStatus.SUSPENDED : TenantStatus.ACTIVE));
          long revision = platform.feed.remove(EdgeObject.Kind.ROUTE, route.key());
          if (change % 20 == 0) {
            platform.feed.awaitApplied(revision);
          }
        }
        load.awaitAnswers(300);

        assertThat(load.failures()).isEmpty();
        assertThat(load.connections()).isEqualTo(CLIENTS);
      }
    }
  }
}
