package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.Concurrency;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What limit is found, in virtual time. */
@Timeout(60)
class AdaptiveLimitTest {
  private static Simulation simulation(int workers, long serviceMillis) {
    return new Simulation(
        TestTenants.service(Concurrency.DEFAULT), workers, serviceMillis, 20261124);
  }

  private static Simulation saturated(int workers, long serviceMillis) {
    Simulation simulation = simulation(workers, serviceMillis);
    for (int tenant = 0; tenant < 15; tenant++) {
      simulation.closed(TestTenants.weighing(1), workers / 5 + 5);
    }
    return simulation;
  }

  /** The limit every tenth of a second, sorted. */
  private static List<Integer> limitsOver(Simulation simulation, int seconds) {
    List<Integer> limits = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      simulation.runForSeconds(1);
      limits.add(simulation.share.limit());
    }
    return limits.stream().sorted().toList();
  }

  private static int medianOver(Simulation simulation, int seconds) {
    return limitsOver(simulation, seconds).get(seconds / 2);
  }

  @ParameterizedTest
  @CsvSource({"4, 10", "8, 10", "16, 50", "32, 5", "100, 20", "400, 20", "8, 300"})
  void settlesNearTheNumberOfWorkers(int workers, long serviceMillis) {
    Simulation simulation = saturated(workers, serviceMillis);
    simulation.runForSeconds(60);
    List<Integer> limits = limitsOver(simulation, 60);
    assertThat(limits.get(30)).isBetween(workers, workers * 2);
    assertThat(limits.getLast()).isLessThanOrEqualTo(workers * 3);
  }

  @ParameterizedTest
  @CsvSource({"8", "32", "100"})
  void doesNotCollapseWhereTimesVary(int workers) {
    Simulation simulation = saturated(workers, 20);
    simulation.serviceTime = () -> simulation.exponential(20);
    simulation.runForSeconds(60);
    List<Integer> limits = limitsOver(simulation, 120);
    assertThat(limits.getFirst()).isGreaterThanOrEqualTo(workers / 2);
    assertThat(limits.get(60)).isBetween(workers, workers * 3);
  }

  @Test
  void followsAServiceThatBecomesSlower() {
    Simulation simulation = saturated(16, 10);
    simulation.runForSeconds(60);
    simulation.serviceTime = () -> 50 * Simulation.MILLI;
    simulation.runForSeconds(30);
    assertThat(medianOver(simulation, 60)).isBetween(16, 48);
  }

  @Test
  void followsAServiceThatBecomesFaster() {
    Simulation simulation = saturated(16, 50);
    simulation.runForSeconds(60);
    simulation.serviceTime = () -> 10 * Simulation.MILLI;
    simulation.runForSeconds(30);
    assertThat(medianOver(simulation, 60)).isBetween(16, 48);
  }

  @Test
  void followsAServiceThatLosesThreeQuartersOfItsWorkersAndGetsThemBack() {
    Simulation simulation = saturated(40, 20);
    simulation.runForSeconds(60);
    simulation.workers = 10;
    simulation.runForSeconds(90);
    assertThat(medianOver(simulation, 60)).isBetween(10, 30);
    simulation.workers = 40;
    simulation.runForSeconds(90);
    assertThat(medianOver(simulation, 60)).isBetween(40, 80);
  }

  @Test
  void doesNotGrowWhereTheLoadDoesNotNeedIt() {
    Simulation simulation = simulation(100, 10);
    simulation.open(TestTenants.weighing(1), 500);
    simulation.runForSeconds(120);
    assertThat(simulation.share.limit()).isBetween(10, 60);
  }

  @Test
  void goesDownToItsLeastAndNotBelowWhereEverythingIsDropped() {
    AdaptiveLimit limit = new AdaptiveLimit();
    for (int i = 0; i < 10_000; i++) {
      limit.started(1);
      limit.ended(Outcome.DROPPED, i * Simulation.MILLI, (i + 1) * Simulation.MILLI, 0);
    }
    assertThat(limit.current()).isEqualTo(AdaptiveLimit.MIN);
  }
}
