package dev.gatehouse.loadtests.latency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.loadtests.contender.GatehouseGateway;
import dev.gatehouse.loadtests.process.LoadAverage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ReportTest {
  private final Rounds rounds = new Rounds();

  private void add(String contender, double... p99s) {
    for (double p99 : p99s) {
      rounds.add(contender, new Latency(0.1, p99, 2 * p99));
    }
  }

  private String table() {
    return Report.of(rounds, Plan.QUICK, 1000, true, new LoadAverage(1, 2)).table();
  }

  @Test
  void takesTheMedianOfWhatWasAddedInEachRound() {
    add(Direct.NAME, 1, 2, 50);
    add("nginx", 1.5, 2.75, 60);

    assertThat(rounds.medianAdded("nginx", Direct.NAME).p99()).isEqualTo(0.75);
  }

  @Test
  void saysWhetherOursAddsAsLittleAsPromised() {
    add(Direct.NAME, 1);
    add(GatehouseGateway.NAME, 2);
    assertThat(table()).contains("at most 1 ms at p99: yes");
  }

  @Test
  void saysThatOursAddsMore() {
    add(Direct.NAME, 1);
    add(GatehouseGateway.NAME, 2.1);
    assertThat(table()).contains("at most 1 ms at p99: NO");
  }

  @Test
  void saysThatOursTookNoPart() {
    add(Direct.NAME, 1);
    assertThat(table()).contains("not measured");
  }
}
