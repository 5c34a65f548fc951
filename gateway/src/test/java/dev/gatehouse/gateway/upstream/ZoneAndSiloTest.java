package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.directory.Tenant;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ZoneAndSiloTest {
  private static final String POOL =
      "{'name':'app','endpoints':[{'host':'127.0.0.1','port':1001,'tls':false}]}";
  private static final String SILO =
      "{'app':{'endpoints':[{'host':'127.0.0.1','port':2001,'tls':false}]}}";
  private static final String OTHER_SILO =
      "{'app':{'endpoints':[{'host':'127.0.0.1','port':2002,'tls':false}]}}";
  private static final String ZONES =
      "{'name':'app','endpoints':["
          + "{'host':'127.0.0.1','port':1001,'tls':false,'zone':'a'},"
          + "{'host':'127.0.0.1','port':1002,'tls':false,'zone':'a'},"
          + "{'host':'127.0.0.1','port':1003,'tls':false,'zone':'b'},"
          + "{'host':'127.0.0.1','port':1004,'tls':false,'zone':'b'}]}";

  @Test
  void staysInItsZoneAndSpillsOverWhenTooLittleOfItIsFit() {
    try (TestUpstreams test = TestUpstreams.inZone("a")) {
      LoopUpstream upstream = test.choiceOf(test.service(ZONES));
      assertThat(TestUpstreams.counts(upstream, 100))
          .containsOnlyKeys("127.0.0.1:1001", "127.0.0.1:1002");

      TestUpstreams.fail(TestUpstreams.targetAt(upstream, 1001), 5, Outcome.FAILED);
      TestUpstreams.await(() -> test.stateAt("app", 1001).equals("ejected"));

      assertThat(TestUpstreams.counts(upstream, 100))
          .containsOnlyKeys("127.0.0.1:1002", "127.0.0.1:1003", "127.0.0.1:1004");
    }
  }

  @Test
  void aZoneWithoutEndpointsUsesAll() {
    try (TestUpstreams test = TestUpstreams.inZone("z")) {
      assertThat(TestUpstreams.counts(test.choiceOf(test.service(ZONES)), 100)).hasSize(4);
    }
  }

  @Test
  void aTenantWithItsOwnEndpointsUsesThoseAndNobodyElseDoes() {
    try (TestUpstreams test = new TestUpstreams()) {
      EdgeService service = test.service(POOL);
      Tenant silo = test.tenant(SILO, 1);

      assertThat(TestUpstreams.counts(test.loop.of(service, silo), 10))
          .containsOnlyKeys("127.0.0.1:2001");
      assertThat(TestUpstreams.counts(test.choiceOf(service), 10))
          .containsOnlyKeys("127.0.0.1:1001");
    }
  }

  @Test
  void aTenantsChangeMovesItAndAStragglerDoesNotMoveItBack() {
    try (TestUpstreams test = new TestUpstreams()) {
      EdgeService service = test.service(POOL);
      Tenant before = test.tenant(SILO, 1);
      test.loop.of(service, before);
      Tenant after = test.tenant(OTHER_SILO, 2);
      assertThat(TestUpstreams.counts(test.loop.of(service, after), 3))
          .containsOnlyKeys("127.0.0.1:2002");

      assertThat(TestUpstreams.counts(test.loop.of(service, before), 3))
          .containsOnlyKeys("127.0.0.1:2002");
    }
  }

  @Test
  void silosGoWithTheirTenantAndWhenNobodyUsesThem() {
    try (TestUpstreams test = new TestUpstreams()) {
      EdgeService service = test.service(POOL);
      Tenant tenant = test.tenant(SILO, 1);
      test.loop.of(service, tenant).pick(0);
      assertThat(silos(test)).isEqualTo(1);
      test.upstreams.tenantGone(tenant.edge().id());
      assertThat(silos(test)).isZero();

      test.loop.of(service, tenant).pick(0);
      test.pass(Duration.ofMinutes(9));
      assertThat(silos(test)).isEqualTo(1);
      test.pass(Duration.ofMinutes(11));
      assertThat(silos(test)).isZero();
    }
  }

  @Test
  void refusesOneMoreSiloThanItMayKeep() {
    UpstreamConfig few =
        new UpstreamConfig(
            Optional.empty(),
            TestUpstreams.CONFIG.dns(),
            Optional.empty(),
            64,
            1,
            Duration.ofMinutes(1));
    try (TestUpstreams test = new TestUpstreams(few, 1)) {
      EdgeService service = test.service(POOL);
      test.loop.of(service, test.tenant("0198c5a0-0000-7000-8000-00000000000a", SILO, 1));
      Tenant second = test.tenant("0198c5a0-0000-7000-8000-00000000000b", SILO, 1);

      assertThat(test.loop.of(service, second).pick(0)).isEqualTo(NoTarget.TOO_MANY_SILOS);
    }
  }

  @Test
  void refusesAServiceThatIsGone() {
    try (TestUpstreams test = new TestUpstreams()) {
      EdgeService service = test.service(POOL);
      test.upstreams.remove("app");

      assertThat(test.choiceOf(service).pick(0)).isEqualTo(NoTarget.UNKNOWN_SERVICE);
      assertThat(test.metrics.find("gatehouse.upstream.endpoints").gauges()).isEmpty();
    }
  }

  private static double silos(TestUpstreams test) {
    return test.metrics.get("gatehouse.upstream.silos").gauge().value();
  }
}
