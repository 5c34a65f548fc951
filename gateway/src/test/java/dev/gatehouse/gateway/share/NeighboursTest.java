package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeService;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a tenant that sends ten times its share does to another, in virtual time. */
@Timeout(60)
class NeighboursTest {
  private static final int WORKERS = 8;
  private static final int SERVICE_MILLIS = 10;
  private static final double CAPACITY = WORKERS * 1000.0 / SERVICE_MILLIS;

  static LongStream seeds() {
    return Seeds.all();
  }

  private static double p99(EdgeService service, long seed, boolean withNeighbour) {
    Simulation simulation = new Simulation(service, WORKERS, SERVICE_MILLIS, seed);
    simulation.serviceTime = () -> simulation.exponential(SERVICE_MILLIS);
    Simulation.Traffic quiet = simulation.open(TestTenants.weighing(1), CAPACITY / 4);
    if (withNeighbour) {
      simulation.open(TestTenants.weighing(1), CAPACITY / 2 * 10);
    }
    simulation.runForSeconds(30);
    quiet.forget();
    simulation.runForSeconds(60);
    assertThat(quiet.refused).as("refused of the quiet tenant").isZero();
    return quiet.percentileMillis(99);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void leavesAQuietTenantItsLatencyWithAFixedLimit(long seed) {
    EdgeService service = TestTenants.fixed(WORKERS, 1000, 100);
    assertThat(p99(service, seed, true)).isLessThan(1.5 * p99(service, seed, false));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void leavesAQuietTenantItsLatencyWithAnAdaptiveLimit(long seed) {
    EdgeService service = TestTenants.service(Concurrency.DEFAULT);
    assertThat(p99(service, seed, true)).isLessThan(1.5 * p99(service, seed, false));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void tellsTheDifferenceToASharedQueueAtTheService(long seed) {
    EdgeService unlimited = TestTenants.fixed(1_000_000, 1000, 100);
    assertThat(p99(unlimited, seed, true)).isGreaterThan(100 * p99(unlimited, seed, false));
  }
}
