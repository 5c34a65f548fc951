package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.contract.edge.EdgeService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BalancingTest {
  private static final String A = "{'host':'127.0.0.1','port':1001,'tls':false}";
  private static final String B = "{'host':'127.0.0.1','port':1002,'tls':false}";
  private static final String C = "{'host':'127.0.0.1','port':1003,'tls':false}";
  private static final String HEAVY = "{'host':'127.0.0.1','port':1003,'tls':false,'weight':3}";

  @AutoClose private final TestUpstreams test = new TestUpstreams();

  private EdgeService service(String policy, String... endpoints) {
    return test.service(
        "{'name':'app','endpoints':["
            + String.join(",", endpoints)
            + "],'balancing':{'policy':'"
            + policy
            + "'}}");
  }

  @Test
  void roundRobinGivesEveryWeightItsExactShare() {
    LoopUpstream upstream = test.choiceOf(service("round-robin", A, B, HEAVY));

    assertThat(TestUpstreams.counts(upstream, 500))
        .isEqualTo(Map.of("127.0.0.1:1001", 100, "127.0.0.1:1002", 100, "127.0.0.1:1003", 300));
  }

  @Test
  void roundRobinIsFairForAnyWeightsOverAnyStretch() {
    for (int round = 0; round < 30; round++) {
      long seed = 77L + round;
      SplittableRandom random = new SplittableRandom(seed);
      List<String> endpoints = new ArrayList<>();
      Map<String, Integer> weights = new HashMap<>();
      int total = 0;
      for (int port = 1; port <= random.nextInt(1, 12); port++) {
        int weight = random.nextInt(1, 20);
        endpoints.add(
            "{'host':'127.0.0.1','port':" + port + ",'tls':false,'weight':" + weight + "}");
        weights.put("127.0.0.1:" + port, weight);
        total += weight;
      }
      LoopUpstream upstream =
          test.choiceOf(service("round-robin", endpoints.toArray(String[]::new)));
      TestUpstreams.counts(upstream, random.nextInt(total));
      int choices = random.nextInt(1, 5 * total);
      Map<String, Integer> counts = TestUpstreams.counts(upstream, choices);

      for (Map.Entry<String, Integer> weight : weights.entrySet()) {
        double fair = (double) choices * weight.getValue() / total;
        assertThat((double) counts.getOrDefault(weight.getKey(), 0))
            .as("seed %s, %s of %s in %s choices", seed, weight, weights, choices)
            .isCloseTo(fair, within((double) weights.size()));
      }
    }
  }

  @Test
  void aChangeElsewhereDoesNotBeginTheTurnsAnew() {
    LoopUpstream upstream = test.choiceOf(service("round-robin", A, B));
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      chosen.add(TestUpstreams.target(upstream, i).toString());
      service("round-robin", A, B);
    }

    for (int i = 1; i < chosen.size(); i++) {
      assertThat(chosen.get(i)).isNotEqualTo(chosen.get(i - 1));
    }
  }

  @Test
  void aTargetKeepsItsRequestsInFlightThroughAChange() {
    LoopUpstream upstream = test.choiceOf(service("round-robin", A));
    Target before = TestUpstreams.target(upstream, 0);
    before.begun();
    service("least-requests", A, B);

    assertThat(TestUpstreams.targetAt(upstream, 1001)).isSameAs(before);
    assertThat(test.shown("app", "127.0.0.1", 1001).getInteger("inFlight")).isEqualTo(1);
  }

  @Test
  void leastRequestsFollowsTheWeightsWhereNobodyIsBusy() {
    LoopUpstream upstream = test.choiceOf(service("least-requests", A, HEAVY));
    Map<String, Integer> counts = TestUpstreams.counts(upstream, 20_000);

    assertThat(counts.getOrDefault("127.0.0.1:1003", 0) / 20_000.0).isCloseTo(0.75, within(0.02));
  }

  @Test
  void leastRequestsKeepsTheLoadEvenByWeight() {
    LoopUpstream upstream = test.choiceOf(service("least-requests", A, B, HEAVY));
    for (int i = 0; i < 1000; i++) {
      TestUpstreams.target(upstream, i).begun();
    }

    assertThat(TestUpstreams.targetAt(upstream, 1001).inFlight()).isBetween(180, 220);
    assertThat(test.shown("app", "127.0.0.1", 1003).getInteger("inFlight")).isBetween(570, 630);
  }

  @Test
  void leastRequestsAvoidsTheBusyOneOfTwo() {
    LoopUpstream upstream = test.choiceOf(service("least-requests", A, B));
    TestUpstreams.targetAt(upstream, 1001).begun();

    assertThat(TestUpstreams.counts(upstream, 2000).getOrDefault("127.0.0.1:1001", 0))
        .isLessThan(400);
  }

  @Test
  void anEndpointThatLeavesMovesItsOwnKeysOnly() {
    LoopUpstream upstream = test.choiceOf(service("consistent-hash", A, B, HEAVY));
    List<String> before = new ArrayList<>();
    for (int key = 0; key < 10_000; key++) {
      before.add(TestUpstreams.target(upstream, key).toString());
    }
    service("consistent-hash", HEAVY, A);

    for (int key = 0; key < 10_000; key++) {
      String now = TestUpstreams.target(upstream, key).toString();
      if (!before.get(key).equals("127.0.0.1:1002")) {
        assertThat(now).isEqualTo(before.get(key));
      }
    }
  }

  @Test
  void consistentHashGivesEveryWeightItsShareOfTheKeys() {
    LoopUpstream upstream = test.choiceOf(service("consistent-hash", A, B, HEAVY));
    Map<String, Integer> counts = TestUpstreams.counts(upstream, 50_000);

    assertThat(counts.getOrDefault("127.0.0.1:1003", 0) / 50_000.0).isCloseTo(0.6, within(0.03));
    assertThat(counts.getOrDefault("127.0.0.1:1001", 0) / 50_000.0).isCloseTo(0.2, within(0.03));
  }

  @Test
  void allGatewaysAgreeOnAKeysEndpoint() {
    EdgeService service = service("consistent-hash", A, B, C);
    try (TestUpstreams other = new TestUpstreams(TestUpstreams.CONFIG, 99)) {
      other.upstreams.apply(service);
      for (int key = 0; key < 1000; key++) {
        assertThat(TestUpstreams.target(other.choiceOf(service), key))
            .hasToString(TestUpstreams.target(test.choiceOf(service), key).toString());
      }
    }
  }

  @Test
  void aRetryGoesElsewhereUnderEveryPolicyAndAnywhereWhenAllWereTried() {
    for (String policy : List.of("round-robin", "least-requests", "consistent-hash")) {
      LoopUpstream upstream = test.choiceOf(service(policy, A, B, C));
      for (int key = 0; key < 100; key++) {
        List<Target> tried = new ArrayList<>();
        for (int attempt = 0; attempt < 3; attempt++) {
          Target target = (Target) upstream.pick(HashKey.mix(key), tried);
          assertThat(tried).doesNotContain(target);
          tried.add(target);
        }
        assertThat(upstream.pick(HashKey.mix(key), tried)).isIn(tried);
      }
    }
  }

  @Test
  void aNewEndpointsShareGrowsFromATenthToTheWhole() {
    String balancing = "],'balancing':{'policy':'round-robin','slowStart':'PT10S'}}";
    LoopUpstream upstream =
        test.choiceOf(test.service("{'name':'app','endpoints':[" + A + balancing));
    test.service("{'name':'app','endpoints':[" + A + "," + B + balancing);
    int atFirst = TestUpstreams.countAt(1002, upstream, 1100);
    test.pass(Duration.ofSeconds(5));
    int halfWay = TestUpstreams.countAt(1002, upstream, 1550);
    test.pass(Duration.ofSeconds(5));
    int inTheEnd = TestUpstreams.countAt(1002, upstream, 1000);

    assertThat(atFirst).isBetween(98, 102);
    assertThat(halfWay).isBetween(545, 555);
    assertThat(inTheEnd).isBetween(498, 502);
  }

  @Test
  void leastRequestsStartsSlowlyToo() {
    String balancing = "],'balancing':{'policy':'least-requests','slowStart':'PT10S'}}";
    LoopUpstream upstream =
        test.choiceOf(test.service("{'name':'app','endpoints':[" + A + balancing));
    test.service("{'name':'app','endpoints':[" + A + "," + B + balancing);
    int atFirst = TestUpstreams.countAt(1002, upstream, 11_000);
    test.pass(Duration.ofSeconds(10));
    int inTheEnd = TestUpstreams.countAt(1002, upstream, 10_000);

    assertThat(atFirst).as("an eleventh of 11000").isBetween(850, 1150);
    assertThat(inTheEnd).as("half of 10000").isBetween(4700, 5300);
  }

  @Test
  void anEndpointThatWasEjectedStartsSlowlyAgain() {
    String balancing = "],'balancing':{'policy':'round-robin','slowStart':'PT10S'}}";
    LoopUpstream upstream =
        test.choiceOf(test.service("{'name':'app','endpoints':[" + A + "," + B + balancing));
    assertThat(TestUpstreams.countAt(1002, upstream, 1000)).isEqualTo(500);
    TestUpstreams.fail(TestUpstreams.targetAt(upstream, 1002), 5, Outcome.FAILED);
    TestUpstreams.await(() -> test.stateAt("app", 1002).equals("ejected"));

    test.pass(Duration.ofSeconds(31));

    assertThat(TestUpstreams.countAt(1002, upstream, 1100)).isBetween(98, 102);
    assertThat(test.shown("app", "127.0.0.1", 1002).getInteger("sharePercent")).isEqualTo(10);
  }
}
