package dev.gatehouse.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.contract.edge.Destinations;
import dev.gatehouse.contract.edge.Destinations.Destination;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How weights divide the hash space. */
@Timeout(60)
class SplitTest {

  private static Split split(int app, int canary) {
    return Split.of(
        UUID.fromString("00000000-0000-7000-8000-000000000001"),
        new Destinations(
            Optional.empty(),
            List.of(
                new Destination("app", app, Optional.empty()),
                new Destination("canary", canary, Optional.empty()))),
        Routes.SERVICES);
  }

  /** How many of equally distant points go to the canary. */
  private static long canaries(Split split, int points) {
    long step = Long.divideUnsigned(-1L, points);
    return LongStream.range(0, points)
        .filter(i -> split.at(i * step + step / 2).name().equals("canary"))
        .count();
  }

  @Test
  void givesEachWeightItsExactPartOfTheHashSpace() {
    assertThat(canaries(split(95, 5), 100_000)).isCloseTo(5_000, within(1L));
    assertThat(canaries(split(1, 2), 99_999)).isCloseTo(66_666, within(1L));
    assertThat(canaries(split(1000, 1), 100_100)).isCloseTo(100, within(1L));
  }

  @Test
  void givesNothingToAWeightOfZero() {
    assertThat(canaries(split(1, 0), 1000)).isZero();
    assertThat(canaries(split(0, 1), 1000)).isEqualTo(1000);
  }

  @Test
  void movesOnlyThoseWhoMustWhenACanaryGrows() {
    Split small = split(95, 5);
    Split grown = split(80, 20);
    for (long i = 0; i < 1000; i++) {
      long hash = i * Long.divideUnsigned(-1L, 1000);
      if (small.at(hash).name().equals("canary")) {
        assertThat(grown.at(hash).name()).isEqualTo("canary");
      }
    }
  }

  @Test
  void coversTheEndsOfTheHashSpace() {
    assertThat(split(1, 1).at(0).name()).isEqualTo("app");
    assertThat(split(1, 1).at(-1).name()).isEqualTo("canary");
  }
}
