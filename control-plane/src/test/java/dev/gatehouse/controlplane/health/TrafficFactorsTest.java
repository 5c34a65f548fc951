package dev.gatehouse.controlplane.health;

import static dev.gatehouse.controlplane.health.TestFacts.asked;
import static dev.gatehouse.controlplane.health.TestFacts.took;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a tenant's requests, and when nothing is. */
@Timeout(20)
class TrafficFactorsTest {
  @ParameterizedTest(name = "{1} of {0} requests failed, {2} were limited")
  @CsvSource({
    // requests, failed, limited, fewest points, most points
    "0, 0, 0, -1, -1",
    "1, 1, 0, -1, -1",
    "2, 1, 0, -1, -1",
    "19, 19, 0, -1, -1",
    "20, 0, 0, 100, 100",
    "20, 2, 0, 100, 100", // may be one who tried twice
    "20, 3, 0, 55, 65",
    "20, 20, 0, 0, 0",
    "1000, 10, 0, 100, 100",
    "1000, 12, 0, 100, 100",
    "1240, 102, 0, 50, 60",
    "100000, 5000, 0, 55, 65",
    "1000, 500, 0, 0, 10",
    "1000000, 10001, 0, 99, 100",
    "1000, 0, 1000, -1, -1", // of what was not limited nothing is known
    "1000, 990, 0, 0, 0",
    "1000, 2000, 0, 0, 0", // counts that do not fit together
    "100, 5, 900, -1, -1",
  })
  void judgesFailuresByWhatIsSure(long requests, long failed, long limited, int least, int most) {
    Finding finding = TrafficFactors.errorRate(asked(requests, failed, limited));
    assertThat(finding.points().orElse(-1)).as(finding.toString()).isBetween(least, most);
    assertThat(finding.reason()).isNotBlank().endsWith(".");
    assertThat(finding.advice().isPresent()).isEqualTo(finding.isFault());
  }

  @Test
  void saysItInWordsThatCanBeReadToTheTenant() {
    assertThat(TrafficFactors.errorRate(asked(1240, 102, 0)).reason())
        .isEqualTo("8.2 % of 1,240 requests failed in the last ten minutes; up to 1 % is usual.");
    assertThat(TrafficFactors.errorRate(asked(60, 1, 0)).reason())
        .isEqualTo(
            "1.7 % of 60 requests failed in the last ten minutes; of so few that may be chance.");
    assertThat(TrafficFactors.limitHits(asked(1000, 0, 120)).reason())
        .isEqualTo(
            "12 % of 1,000 requests were refused for a limit of the tenant in the last ten minutes.");
    assertThat(TrafficFactors.errorRate(asked(1240, 0, 0)).reason())
        .isEqualTo("None of 1,240 requests failed in the last ten minutes; up to 1 % is usual.");
    Traffic named =
        TestFacts.traffic(1000, 600, 0, 4)
            .withWorst(Optional.of(new Traffic.FailingService("billing", 450)));
    assertThat(
            TrafficFactors.errorRate(TestFacts.with(Optional.of(named), OptionalDouble.empty()))
                .reason())
        .endsWith("usual. 450 of these 600 failures were at the service billing.");
    assertThat(TrafficFactors.errorRate(asked(100_000, 1, 0)).measured())
        .isEqualTo("less than 0.1 %");
    assertThat(TrafficFactors.errorRate(TestFacts.nothing()).reason())
        .isEqualTo("Fewer than 20 requests in the last hour: too few to say anything.");
  }

  @ParameterizedTest(name = "{1} of {0} requests were limited")
  @CsvSource({
    "0, 0, 100, 100",
    "20, 0, 100, 100",
    "1000, 10, 100, 100",
    "1000, 120, 60, 70",
    "1000, 600, 25, 35",
    "1000, 1000, 10, 10",
  })
  void judgesHowMuchIsRefusedForLimits(long requests, long limited, int least, int most) {
    Finding finding = TrafficFactors.limitHits(asked(requests, 0, limited));
    assertThat(finding.points().orElse(-1)).as(finding.toString()).isBetween(least, most);
  }

  @ParameterizedTest(name = "{0} requests took {1} ms where {2} are usual")
  @CsvSource({
    // requests, took, usual (none if negative), fewest points, most points
    "49, 5000, 10, -1, -1",
    "1000, 100, -1, -1, -1",
    "1000, 90, 90, 100, 100",
    "1000, 12, 1, 100, 100", // who is fast is not told of it
    "1000, 0.1, 0, 100, 100",
    "1000, 900, 0, 20, 20", // a usual time of none at all
    "1000, 240, 90, 60, 75",
    "1000, 900, 90, 20, 25",
    "1000, 60000, 90, 20, 20", // beyond all ranges
  })
  void comparesTimesWithThoseThatAreUsual(
      long requests, double took, double usual, int least, int most) {
    OptionalDouble known = usual < 0 ? OptionalDouble.empty() : OptionalDouble.of(usual);
    Finding finding = TrafficFactors.latency(took(requests, took, known));
    assertThat(finding.points().orElse(-1)).as(finding.toString()).isBetween(least, most);
    assertThat(finding.reason()).isNotBlank().endsWith(".");
  }

  @Test
  void tellsTimesAndWhatIsUsual() {
    Finding slow = TrafficFactors.latency(took(1000, 900, OptionalDouble.of(120)));
    assertThat(slow.reason())
        .isEqualTo(
            "95 of 100 requests took up to 988 ms in the last ten minutes; 120 ms is usual at this time of the day.");
    assertThat(slow.expected()).isEqualTo("about 120 ms");
  }

  @Test
  void takesTheMedianOfDaysAndNothingOfTwo() {
    assertThat(TrafficReader.median(List.of())).isEmpty();
    assertThat(TrafficReader.median(List.of(10.0, 12.0))).isEmpty();
    assertThat(TrafficReader.median(List.of(5000.0, 10.0, 12.0))).hasValue(12);
  }

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource({
    "0, 0, 0, 0",
    "0, 100, 0, 0",
    "1, 1, 0.2, 0.21",
    "1, 2, 0.09, 0.1",
    "500, 1000, 0.46, 0.48",
    "1000, 1000, 0.99, 1",
    "7, 5, 0.56, 0.57", // more than all are all
    "-3, 5, 0, 0",
    "3, -5, 0, 0",
  })
  void knowsWhatAShareIsAtLeast(long some, long all, double least, double most) {
    assertThat(new Share(some, all).atLeast()).isBetween(least, most);
  }
}
