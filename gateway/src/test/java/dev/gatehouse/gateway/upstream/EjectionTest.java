package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EjectionTest {
  private static final String FOUR =
      "{'name':'app','endpoints':["
          + "{'host':'127.0.0.1','port':1001,'tls':false},"
          + "{'host':'127.0.0.1','port':1002,'tls':false},"
          + "{'host':'127.0.0.1','port':1003,'tls':false},"
          + "{'host':'127.0.0.1','port':1004,'tls':false}]%s}";
  private static final String ONE =
      "{'name':'app','endpoints':[{'host':'127.0.0.1','port':1001,'tls':false}]}";

  @AutoClose private final TestUpstreams test = new TestUpstreams();

  private void eject(LoopUpstream upstream, int port) {
    TestUpstreams.fail(TestUpstreams.targetAt(upstream, port), 5, Outcome.FAILED);
    TestUpstreams.await(() -> test.stateAt("app", port).equals("ejected"));
  }

  @Test
  void fiveFailuresInARowTakeAnEndpointOutForThirtySeconds() {
    LoopUpstream upstream = test.choiceOf(test.service(FOUR.formatted("")));
    eject(upstream, 1002);
    assertThat(TestUpstreams.counts(upstream, 300)).doesNotContainKey("127.0.0.1:1002");
    assertThat(test.shown("app", "127.0.0.1", 1002).getString("reason"))
        .isEqualTo("5 failures in a row");

    test.pass(Duration.ofSeconds(29));
    assertThat(test.stateAt("app", 1002)).isEqualTo("ejected");
    test.pass(Duration.ofSeconds(2));
    assertThat(TestUpstreams.counts(upstream, 300)).containsEntry("127.0.0.1:1002", 75);
    assertThat(test.metrics.get("gatehouse.upstream.ejections").counter().count()).isEqualTo(1);
  }

  @Test
  void aSecondEjectionLastsTwiceAsLong() {
    LoopUpstream upstream = test.choiceOf(test.service(FOUR.formatted("")));
    eject(upstream, 1002);
    test.pass(Duration.ofSeconds(31));
    eject(upstream, 1002);

    test.pass(Duration.ofSeconds(59));
    assertThat(test.stateAt("app", 1002)).isEqualTo("ejected");
    test.pass(Duration.ofSeconds(2));
    assertThat(test.stateAt("app", 1002)).isEqualTo("healthy");
  }

  @Test
  void aSuccessInBetweenForgivesAndAClientThatLeavesSaysNothing() {
    LoopUpstream upstream = test.choiceOf(test.service(FOUR.formatted("")));
    Target target = TestUpstreams.targetAt(upstream, 1001);
    for (int i = 0; i < 10; i++) {
      TestUpstreams.fail(target, 4, Outcome.FAILED);
      TestUpstreams.fail(target, 1, Outcome.ABANDONED);
      TestUpstreams.fail(target, 1, Outcome.SUCCESS);
    }
    eject(upstream, 1002);

    assertThat(test.stateAt("app", 1001)).isEqualTo("healthy");
  }

  @Test
  void neverMoreThanHalfAreOut() {
    LoopUpstream upstream = test.choiceOf(test.service(FOUR.formatted("")));
    Target third = TestUpstreams.targetAt(upstream, 1003);
    eject(upstream, 1001);
    eject(upstream, 1002);
    TestUpstreams.fail(third, 50, Outcome.FAILED);
    // Whatever the failures above have set off on the background loop has been done after this.
    test.vertx.timer(1).await();

    assertThat(test.stateAt("app", 1003)).isEqualTo("healthy");
    assertThat(TestUpstreams.counts(upstream, 100))
        .containsOnlyKeys("127.0.0.1:1003", "127.0.0.1:1004");
  }

  @Test
  void theOnlyEndpointIsNeverOut() {
    LoopUpstream upstream = test.choiceOf(test.service(ONE));
    TestUpstreams.fail(TestUpstreams.target(upstream, 0), 50, Outcome.FAILED_CONNECT);
    test.vertx.timer(1).await();

    assertThat(test.stateAt("app", 1001)).isEqualTo("healthy");
  }

  @Test
  void zeroPercentTurnsItOff() {
    LoopUpstream upstream =
        test.choiceOf(test.service(FOUR.formatted(",'outlierDetection':{'maxEjectedPercent':0}")));
    TestUpstreams.fail(TestUpstreams.targetAt(upstream, 1001), 50, Outcome.FAILED);
    test.vertx.timer(1).await();

    assertThat(test.stateAt("app", 1001)).isEqualTo("healthy");
  }

  @Test
  void anEjectionOutlivesAChangeOfTheService() {
    LoopUpstream upstream = test.choiceOf(test.service(FOUR.formatted("")));
    eject(upstream, 1002);
    test.service(FOUR.formatted(",'responseTimeout':'PT5S'"));

    assertThat(test.stateAt("app", 1002)).isEqualTo("ejected");
  }
}
