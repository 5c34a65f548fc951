package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.Concurrency;
import dev.gatehouse.contract.edge.EdgeService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a tenant that sends ten times its share does to another, in virtual time. */
@Timeout(60)
class NeighboursTest {
  private static final int WORKERS = 8;
  private static final int SERVICE_MILLIS = 10;
  private static final double CAPACITY = WORKERS * 1000.0 / SERVICE_MILLIS;

  private static Simulation.Traffic quietTenant(EdgeService service, boolean withNeighbour) {
    Simulation simulation = new Simulation(service, WORKERS, SERVICE_MILLIS, 4711);
    simulation.serviceTime = () -> simulation.exponential(SERVICE_MILLIS);
    Simulation.Traffic quiet = simulation.open(TestTenants.weighing(1), CAPACITY / 4);
    if (withNeighbour) {
      simulation.open(TestTenants.weighing(1), CAPACITY / 2 * 10);
    }
    simulation.runForSeconds(30);
    quiet.forget();
    simulation.runForSeconds(60);
    return quiet;
  }

  private static double p99(EdgeService service, boolean withNeighbour) {
    Simulation.Traffic quiet = quietTenant(service, withNeighbour);
    assertThat(quiet.refused).as("refused of the quiet tenant").isZero();
    return quiet.percentileMillis(99);
  }

  @Test
  void leavesAQuietTenantItsLatencyWithAFixedLimit() {
    EdgeService service = TestTenants.fixed(WORKERS, 1000, 100);
    double alone = p99(service, false);
    double beside = p99(service, true);
    assertThat(beside).isLessThan(1.5 * alone);
  }

  @Test
  void leavesAQuietTenantItsLatencyWithAnAdaptiveLimit() {
    EdgeService service = TestTenants.service(Concurrency.DEFAULT);
    double alone = p99(service, false);
    double beside = p99(service, true);
    assertThat(beside).isLessThan(1.5 * alone);
  }

  @Test
  void tellsTheDifferenceToASharedQueueAtTheService() {
    EdgeService unlimited = TestTenants.fixed(1_000_000, 1000, 100);
    double alone = p99(unlimited, false);
    double beside = p99(unlimited, true);
    assertThat(beside).isGreaterThan(100 * alone);
  }
}
