package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeBounds;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.directory.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever endpoints there are, and however they fare, a bound tenant gets those of its region. */
@Timeout(60)
class RegionTest {
  private static final String ID = "0198c5a0-0000-7000-8000-00000000000c";
  private static final String[] REGIONS = {"", "eu", "us", "ap"};
  private static final String[] POLICIES = {"round-robin", "least-requests", "consistent-hash"};
  private static final Region EU = new Region("eu");

  private static String endpoint(int port, String region, String zone) {
    return "{'host':'127.0.0.1','port':%d,'tls':false%s%s}"
        .formatted(
            port,
            region.isEmpty() ? "" : ",'region':'" + region + "'",
            zone.isEmpty() ? "" : ",'zone':'" + zone + "'");
  }

  private static Tenant bound(TestUpstreams test, String services, long revision) {
    Tenant free = test.tenant(ID, services, revision);
    return test.tenant(free.edge().with(EdgeBounds.to(EU)), revision + 1);
  }

  private static boolean isInside(Pick pick) {
    return !(pick instanceof Target target)
        || target.endpoint().region().filter(EU::equals).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "near"})
  void noChoiceEverLeavesTheRegion(String zone) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (TestUpstreams test = zone.isEmpty() ? new TestUpstreams() : TestUpstreams.inZone(zone)) {
      for (int round = 0; round < 60; round++) {
        String endpoints =
            IntStream.range(1001, 1002 + random.nextInt(12))
                .mapToObj(port ->
                    endpoint(
                        port,
                        REGIONS[random.nextInt(REGIONS.length)],
                        random.nextBoolean() ? "near" : "far"))
                .collect(Collectors.joining(",", "[", "]"));
        boolean own = random.nextBoolean();
        EdgeService service =
            test.service(
                "{'name':'app','endpoints':%s,'balancing':{'policy':'%s'},'outlierDetection':{'consecutiveFailures':1,'maxEjectedPercent':50}}"
                    .formatted(
                        own ? "[" + endpoint(999, "us", "") + "]" : endpoints,
                        POLICIES[random.nextInt(POLICIES.length)]));
        Tenant tenant =
            bound(test, own ? "{'app':{'endpoints':%s}}".formatted(endpoints) : "", 2L * round + 1);
        boolean any = endpoints.contains("'region':'eu'");
        for (int request = 0; request < 20; request++) {
          List<Target> tried = new ArrayList<>();
          for (int attempt = 0; attempt < 5; attempt++) {
            Pick pick = test.loop.of(service, tenant).pick(random.nextLong(), tried);
            assertThat(isInside(pick)).as("%s, seed %d", pick, seed).isTrue();
            if (pick instanceof Target target) {
              assertThat(any).isTrue();
              tried.add(target);
              TestUpstreams.fail(target, random.nextInt(3), Outcome.FAILED);
            } else {
              assertThat(pick).as("seed %d", seed).isEqualTo(NoTarget.OUTSIDE_REGION);
              assertThat(any).as("%s, seed %d", endpoints, seed).isFalse();
            }
          }
        }
      }
    }
  }

  @Test
  void aNameWithoutAnAddressYetIsWaitedForAndNotReplaced() {
    try (TestUpstreams test = new TestUpstreams()) {
      EdgeService service =
          test.service(
              "{'name':'app','endpoints':[{'host':'nowhere.invalid','port':80,'tls':false,'region':'eu'},"
                  + endpoint(1001, "us", "")
                  + "]}");

      assertThat(test.loop.of(service, bound(test, "", 1)).pick(0))
          .isEqualTo(NoTarget.NOT_RESOLVED);
    }
  }

  @Test
  void othersChooseAmongAll() {
    try (TestUpstreams test = new TestUpstreams()) {
      EdgeService service =
          test.service(
              "{'name':'app','endpoints':["
                  + endpoint(1001, "us", "")
                  + ","
                  + endpoint(1002, "eu", "")
                  + "]}");

      assertThat(TestUpstreams.counts(test.choiceOf(service), 10)).hasSize(2);
      assertThat(TestUpstreams.counts(test.loop.of(service, bound(test, "", 1)), 10))
          .containsOnlyKeys("127.0.0.1:1002");
    }
  }
}
