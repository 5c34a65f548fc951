package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.Concurrency;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What limit is found, in virtual time. The bounds are wide enough for any seed: a median at half
 * of the workers leaves the service half idle, one at twice as many makes a request wait for
 * another.
 */
@Timeout(120)
class AdaptiveLimitTest {
  static LongStream seeds() {
    return Seeds.all();
  }

  private static Simulation simulation(int workers, long serviceMillis, long seed) {
    return new Simulation(TestTenants.service(Concurrency.DEFAULT), workers, serviceMillis, seed);
  }

  private static Simulation saturated(int workers, long serviceMillis, long seed) {
    return saturated(simulation(workers, serviceMillis, seed), workers);
  }

  private static Simulation saturated(Simulation simulation, int workers) {
    for (int tenant = 0; tenant < 15; tenant++) {
      simulation.closed(TestTenants.weighing(1), workers / 5 + 5);
    }
    return simulation;
  }

  private static Simulation saturatedVarying(int workers, long serviceMillis, long seed) {
    Simulation simulation = saturated(workers, serviceMillis, seed);
    simulation.serviceTime = () -> simulation.exponential((double) serviceMillis);
    return simulation;
  }

  /** The limit at the end of each second, sorted. */
  private static List<Integer> limitsOver(Simulation simulation, int seconds) {
    List<Integer> limits = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      simulation.runForSeconds(1);
      limits.add(simulation.limit());
    }
    return limits.stream().sorted().toList();
  }

  private static int medianOver(Simulation simulation, int seconds) {
    return limitsOver(simulation, seconds).get(seconds / 2);
  }

  private static void forEachSeed(Consumer<Long> check) {
    Seeds.all().forEach(check::accept);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 10",
    "8, 10",
    "16, 50",
    "32, 5",
    "100, 20",
    "400, 20",
    "400, 200",
    "8, 300",
    "4, 500",
  })
  void settlesNearTheNumberOfWorkers(int workers, long serviceMillis) {
    Simulation simulation = saturated(workers, serviceMillis, 20261124);
    simulation.runForSeconds(20 + serviceMillis / 4);
    List<Integer> limits = limitsOver(simulation, 40);
    assertThat(limits.get(20)).isBetween(workers, workers * 2);
    assertThat(limits.getLast()).isLessThanOrEqualTo(workers * 3);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 5",
    "4, 20",
    "8, 5",
    "16, 100",
    "100, 20",
    "400, 100",
    "8, 500",
    "100, 500",
  })
  void doesNotCollapseWhereTimesVary(int workers, long serviceMillis) {
    forEachSeed(seed -> {
      Simulation simulation = saturatedVarying(workers, serviceMillis, seed);
      simulation.runForSeconds(20 + serviceMillis / 4);
      assertThat(medianOver(simulation, 40))
          .as("seed %d", seed)
          .isBetween(workers / 2, workers * 2 + 2);
    });
  }

  @Test
  void findsAFewWorkersWithinAThousandRequests() {
    forEachSeed(seed -> {
      Simulation simulation = saturatedVarying(4, 20, seed);
      simulation.runForSeconds(5);
      assertThat(medianOver(simulation, 10)).as("seed %d", seed).isBetween(2, 10);
    });
  }

  @Test
  void findsHundredsOfSlowWorkersWithinAMinute() {
    forEachSeed(seed -> {
      Simulation simulation = saturatedVarying(400, 200, seed);
      simulation.runForSeconds(60);
      assertThat(medianOver(simulation, 20)).as("seed %d", seed).isBetween(200, 800);
    });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void followsAServiceThatBecomesSlower(long seed) {
    Simulation simulation = saturatedVarying(16, 10, seed);
    simulation.runForSeconds(40);
    simulation.serviceTime = () -> simulation.exponential(50);
    simulation.runForSeconds(30);
    assertThat(medianOver(simulation, 60)).isBetween(8, 34);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void followsAServiceThatBecomesFaster(long seed) {
    Simulation simulation = saturatedVarying(16, 50, seed);
    simulation.runForSeconds(40);
    simulation.serviceTime = () -> simulation.exponential(10);
    simulation.runForSeconds(30);
    assertThat(medianOver(simulation, 40)).isBetween(8, 64);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void followsAServiceThatLosesThreeQuartersOfItsWorkersAndGetsThemBack(long seed) {
    Simulation simulation = saturatedVarying(40, 20, seed);
    simulation.runForSeconds(30);
    simulation.workers = 10;
    simulation.runForSeconds(40);
    assertThat(medianOver(simulation, 40)).isBetween(5, 22);
    simulation.workers = 40;
    simulation.runForSeconds(40);
    assertThat(medianOver(simulation, 40)).isBetween(20, 82);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void findsOneLimitForAllEventLoops(long seed) {
    Simulation simulation =
        saturated(
            new Simulation(8, TestTenants.service(Concurrency.DEFAULT), 40, 20, seed), 4 * 40);
    simulation.serviceTime = () -> simulation.exponential(20);
    simulation.runForSeconds(60);
    assertThat(medianOver(simulation, 60)).isBetween(20, 82);
  }

  @Test
  void doesNotGrowWhereTheLoadDoesNotNeedIt() {
    Simulation simulation = simulation(100, 10, 20261124);
    simulation.open(TestTenants.weighing(1), 500);
    simulation.runForSeconds(120);
    assertThat(simulation.limit()).isBetween(10, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void doesNotCountLongPollsAsWork(long seed) {
    Simulation simulation = simulation(8, 5, seed);
    Simulation.Traffic quick = simulation.open(TestTenants.weighing(1), 400);
    simulation.runForSeconds(10);
    Simulation.Traffic polls = simulation.longPolls(TestTenants.weighing(1), 100, 30_000);
    simulation.runForSeconds(30);
    quick.forget();
    polls.forget();
    simulation.runForSeconds(60);
    assertThat(quick.refused).isLessThan(240); // 1 %
    assertThat(quick.percentileMillis(95)).isLessThan(50);
    assertThat(polls.latencies).hasSizeGreaterThan(100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void recoversFromAServiceThatTakesTwoSecondsForAMinute(long seed) {
    Simulation simulation = saturatedVarying(8, 10, seed);
    simulation.runForSeconds(30);
    simulation.serviceTime = () -> simulation.exponential(2000);
    simulation.runForSeconds(60);
    assertThat(simulation.waitingAtService()).isLessThan(200);
    simulation.serviceTime = () -> simulation.exponential(10);
    simulation.runForSeconds(60);
    assertThat(medianOver(simulation, 40)).isBetween(4, 18);
  }

  /**
   * The gateway stands still for 20 ms four times a second, and takes that for the service's time.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void doesNotTakeItsOwnPausesForAQueueOfAFastService(long seed) {
    Simulation simulation = simulation(8, 1, seed);
    long every = 250 * Simulation.MILLI;
    long pause = 20 * Simulation.MILLI;
    simulation.serviceTime =
        () -> simulation.exponential(0.2) + Math.max(0, pause - simulation.nowNanos() % every);
    simulation.open(TestTenants.weighing(1), 4000);
    simulation.runForSeconds(30);
    assertThat(limitsOver(simulation, 30).getFirst()).isGreaterThanOrEqualTo(10);
  }

  @Test
  void goesDownToItsLeastAndNotBelowWhereEverythingIsDropped() {
    AdaptiveLimit limit = new AdaptiveLimit(1);
    for (int i = 0; i < 10_000; i++) {
      int began = limit.started(1, i * Simulation.MILLI);
      limit.ended(began, Outcome.DROPPED, (i + 1) * Simulation.MILLI, 0);
    }
    assertThat(limit.current()).isEqualTo(AdaptiveLimit.MIN);
  }
}
