package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePlan;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.gateway.Platform.TestTenant;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** That a plan's limits hold for its tenants, seen from outside by the longest body. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlansTest {
  private final String plan = "p-" + UUID.randomUUID();
  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @Test
  void holdsTenantsToTheirPlanFromTheNextRequestOn() throws Exception {
    put(plan, 10);
    TestTenant tenant = platform.tenant(edge -> on(edge, plan));
    assertThat(statusOfBody(tenant, 11)).isEqualTo(413);
    put(plan, 20);
    assertThat(statusOfBody(tenant, 11)).isEqualTo(200);
    assertThat(statusOfBody(tenant, 21)).isEqualTo(413);
  }

  @Test
  void letsATenantsOwnLimitCountMore() throws Exception {
    put(plan + "-own", 10);
    TestTenant tenant = platform.tenant(edge -> on(Platform.with(edge, bodies(30)), plan + "-own"));
    assertThat(statusOfBody(tenant, 30)).isEqualTo(200);
    assertThat(statusOfBody(tenant, 31)).isEqualTo(413);
  }

  @Test
  void takesTheLimitsOfAPlanThatComesAfterItsTenant() throws Exception {
    TestTenant tenant = platform.tenant(edge -> on(edge, plan + "-late"));
    assertThat(statusOfBody(tenant, 11)).isEqualTo(200);
    put(plan + "-late", 10);
    assertThat(statusOfBody(tenant, 11)).isEqualTo(413);
    platform.feed.awaitApplied(platform.feed.remove(EdgeObject.Kind.PLAN, plan + "-late"));
    assertThat(statusOfBody(tenant, 11)).isEqualTo(200);
  }

  private void put(String name, long maxBodyBytes) throws InterruptedException {
    platform.feed.awaitApplied(
        platform.feed.put(new EdgePlan(name, bodies(maxBodyBytes), OptionalInt.empty())));
  }

  private static EdgeLimits bodies(long maxBytes) {
    return new EdgeLimits(
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.of(maxBytes));
  }

  private static EdgeTenant on(EdgeTenant t, String plan) {
    return new EdgeTenant(
        t.id(),
        t.slug(),
        t.status(),
        t.hosts(),
        t.authentication(),
        t.limits(),
        t.weight(),
        t.apiVersion(),
        t.services(),
        Optional.of(plan),
        t.domains(),
        t.name());
  }

  private int statusOfBody(TestTenant tenant, int bytes) throws IOException {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "POST / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(tenant.host(), tenant.key().reveal(), bytes, "x".repeat(bytes)));
      return client.read().status();
    }
  }
}
