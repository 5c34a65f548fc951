package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order tenants are served. */
@Timeout(60)
class FairQueueTest {
  private final ServiceShare share = Shares.fixed(1, 100_000, 100_000, new ManualTime());
  private final FairQueue queue = new FairQueue();
  private final Map<Permit, UUID> owners = new HashMap<>();

  private Permit add(UUID tenant, int weight) {
    Permit permit = new Permit(share, queue.of(tenant), new RecordingWaiter(), 0);
    owners.put(permit, tenant);
    queue.add(permit, weight);
    return permit;
  }

  private int waiting(UUID tenant) {
    return queue.of(tenant).waiting();
  }

  private UUID next() {
    Permit permit = Objects.requireNonNull(queue.poll(1_000_000));
    queue.ended(permit);
    return Objects.requireNonNull(owners.get(permit));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void servesTenantsThatAlwaysWaitByTheirWeightsToWithinOneTurn(long seed) {
    Random random = new Random(seed);
    int[] weights = randomWeights(random, 2 + random.nextInt(20), 100);
    int[] served = new int[weights.length];
    for (int step = 0; step < 20_000; step++) {
      // Nobody's queue runs empty, and further requests arrive at random.
      for (int i = 0; i < weights.length; i++) {
        while (waiting(new UUID(0, i)) < 2) {
          add(new UUID(0, i), weights[i]);
        }
      }
      int busy = random.nextInt(weights.length);
      add(new UUID(0, busy), weights[busy]);
      served[(int) next().getLeastSignificantBits()]++;
      int mostRounds = 0;
      int leastRounds = Integer.MAX_VALUE;
      for (int i = 0; i < weights.length; i++) {
        mostRounds = Math.max(mostRounds, Math.ceilDiv(served[i], weights[i]));
        leastRounds = Math.min(leastRounds, served[i] / weights[i]);
      }
      assertThat(mostRounds - leastRounds)
          .as("rounds between tenants, seed %d, step %d", seed, step)
          .isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void neverLetsATenantWaitLongerThanOneTurnOfEachOther(long seed) {
    Random random = new Random(seed);
    int[] weights = randomWeights(random, 10, 9);
    int allWeights = Arrays.stream(weights).sum();
    int[] othersServed = new int[weights.length];
    for (int step = 0; step < 20_000; step++) {
      int arriving = random.nextInt(weights.length);
      if (waiting(new UUID(0, arriving)) == 0) {
        othersServed[arriving] = 0;
      }
      add(new UUID(0, arriving), weights[arriving]);
      if (random.nextInt(100) < 2) {
        continue;
      }
      int served = (int) next().getLeastSignificantBits();
      for (int i = 0; i < weights.length; i++) {
        othersServed[i] = i == served ? 0 : othersServed[i] + 1;
        if (waiting(new UUID(0, i)) > 0) {
          assertThat(othersServed[i])
              .as("served before tenant %d, seed %d, step %d", i, seed, step)
              .isLessThanOrEqualTo(allWeights);
        }
      }
    }
  }

  private static int[] randomWeights(Random random, int tenants, int most) {
    return random.ints(tenants, 1, most + 1).toArray();
  }

  @Test
  void servesATenantsOldestFirst() {
    UUID tenant = UUID.randomUUID();
    Permit first = add(tenant, 1);
    Permit second = add(tenant, 1);
    assertThat(queue.poll(10)).isSameAs(first);
    assertThat(queue.poll(10)).isSameAs(second);
    assertThat(queue.poll(10)).isNull();
  }

  @Test
  void takesWhatIsLeftOfATurnFromATenantThatHasNothingMoreToSend() {
    UUID heavy = UUID.randomUUID();
    UUID light = UUID.randomUUID();
    add(heavy, 100);
    add(light, 1);
    add(light, 1);
    assertThat(next()).isEqualTo(heavy);
    add(heavy, 100);
    assertThat(next()).isEqualTo(light);
    assertThat(next()).isEqualTo(heavy);
  }

  @Test
  void passesOverATenantThatHasItsShareOfThePlacesWhileAnotherHasNot() {
    UUID slow = UUID.randomUUID();
    UUID quick = UUID.randomUUID();
    for (int i = 0; i < 10; i++) {
      add(slow, 1);
    }
    for (int i = 0; i < 4; i++) {
      queue.poll(4);
    }
    // All four places are the slow one's.
    add(quick, 1);
    assertThat(owners.get(queue.poll(4))).isEqualTo(quick);
    Permit ofQuick = add(quick, 1);
    add(quick, 1);
    assertThat(queue.poll(4)).isSameAs(ofQuick);
    assertThat(owners.get(queue.poll(4))).as("both have their share").isEqualTo(slow);
  }

  @Test
  void everyTenantsShareIsOnePlaceAtLeast() {
    UUID slow = UUID.randomUUID();
    for (int i = 0; i < 10; i++) {
      add(slow, 1);
    }
    queue.poll(2);
    queue.poll(2);
    for (int i = 0; i < 4; i++) {
      UUID other = UUID.randomUUID();
      add(other, 1);
      assertThat(owners.get(queue.poll(2))).as("tenant %d", i).isEqualTo(other);
    }
  }

  @Test
  void takesWhatIsLeftOfATurnFromATenantThatIsPassedOver() {
    UUID heavy = UUID.randomUUID();
    UUID light = UUID.randomUUID();
    for (int i = 0; i < 10; i++) {
      add(heavy, 3);
    }
    queue.poll(1);
    add(light, 1);
    add(light, 1);
    assertThat(owners.get(queue.poll(1))).isEqualTo(light);
    for (int i = 0; i < 3; i++) {
      assertThat(owners.get(queue.poll(1000))).as("of a turn of its own").isEqualTo(heavy);
    }
    assertThat(owners.get(queue.poll(1000))).isEqualTo(light);
  }

  @Test
  void sharesThePlacesByTheWeightsThatTenantsHaveNow() {
    TenantShare growing = queue.of(UUID.randomUUID());
    TenantShare other = queue.of(UUID.randomUUID());
    queue.pass(new Permit(share, growing, new RecordingWaiter(), 0), 1);
    queue.pass(new Permit(share, other, new RecordingWaiter(), 0), 1);
    assertThat(queue.hasMoreThanItsShare(other, 2, 4)).isFalse();

    queue.pass(new Permit(share, growing, new RecordingWaiter(), 0), 3);

    assertThat(queue.hasMoreThanItsShare(other, 1, 4)).isFalse();
    assertThat(queue.hasMoreThanItsShare(other, 2, 4)).isTrue();
  }

  @Test
  void sharesThePlacesByWeight() {
    UUID heavy = UUID.randomUUID();
    UUID light = UUID.randomUUID();
    for (int i = 0; i < 10; i++) {
      add(heavy, 3);
      add(light, 1);
    }
    Map<UUID, Integer> places = new HashMap<>();
    for (int i = 0; i < 8; i++) {
      Permit permit = Objects.requireNonNull(queue.poll(8));
      places.merge(Objects.requireNonNull(owners.get(permit)), 1, Integer::sum);
    }
    assertThat(places).containsEntry(heavy, 6).containsEntry(light, 2);
  }

  @Test
  void leavesNoPlaceEmptyForATenantThatHasNothingToSend() {
    UUID only = UUID.randomUUID();
    queue.pass(new Permit(share, queue.of(UUID.randomUUID()), new RecordingWaiter(), 0), 1);
    for (int i = 0; i < 3; i++) {
      add(only, 1);
      assertThat(queue.poll(2)).as("place %d", i).isNotNull();
    }
  }

  @Test
  void givesNoShareToTenantsThatHaveGone() {
    for (int i = 0; i < 100; i++) {
      add(UUID.randomUUID(), 5);
      next();
    }
    TenantShare one = queue.of(UUID.randomUUID());
    queue.pass(new Permit(share, one, new RecordingWaiter(), 0), 1);
    TenantShare other = queue.of(UUID.randomUUID());
    queue.pass(new Permit(share, other, new RecordingWaiter(), 0), 1);

    assertThat(queue.hasMoreThanItsShare(one, 2, 4)).isFalse();
    assertThat(queue.hasMoreThanItsShare(one, 3, 4)).isTrue();
  }
}
