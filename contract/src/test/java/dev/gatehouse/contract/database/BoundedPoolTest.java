package dev.gatehouse.contract.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.database.BoundedPool.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BoundedPoolTest {
  private static final PoolSettings SETTINGS =
      PoolSettings.defaults().withConnections(6, 3, 4).withWaiting(20, 8, Duration.ofMinutes(1));

  private final AtomicInteger open = new AtomicInteger();
  private final BoundedPool<String> pool = new BoundedPool<>(SETTINGS, _ -> open.decrementAndGet());

  /**
   * What tenants do in any order: the bounds hold, nobody gets what is another's, all is given
   * back.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void keepsItsBounds(long seed) {
    Random random = new Random(seed);
    List<Slot<String>> held = new ArrayList<>();
    List<CompletableFuture<Slot<String>>> waiting = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(5) < 3 || held.isEmpty()) {
        PoolKey key = key(random.nextInt(10));
        CompletableFuture<Slot<String>> turn = pool.take(key, 1 + random.nextInt(3));
        waiting.add(turn.thenApply(slot -> opened(slot, key)));
      } else {
        leave(held.remove(random.nextInt(held.size())), random);
      }
      collect(waiting, held);
      assertThat(held.size()).isLessThanOrEqualTo(6);
      assertThat(open.get()).isLessThanOrEqualTo(6);
      PoolUsage usage = pool.usage();
      assertThat(usage.pools()).isLessThanOrEqualTo(4);
      assertThat(usage.waiting()).isLessThanOrEqualTo(20);
      assertThat(usage.inUse()).isEqualTo(held.size());
      assertThat(usage.connections()).isEqualTo(open.get());
    }
    while (!held.isEmpty()) {
      leave(held.removeFirst(), random);
      collect(waiting, held);
    }
    assertThat(pool.usage().waiting()).isZero();
    pool.close();
    assertThat(open).hasValue(0);
    assertThat(pool.usage()).isEqualTo(new PoolUsage(0, 0, 0, 0));
  }

  private Slot<String> opened(Slot<String> slot, PoolKey key) {
    if (slot.connection().isEmpty()) {
      open.incrementAndGet();
      slot.opened(key.user());
    }
    assertThat(slot.connection()).hasValue(key.user());
    return slot;
  }

  private void leave(Slot<String> slot, Random random) {
    if (random.nextInt(4) == 0) {
      open.decrementAndGet();
      pool.drop(slot);
    } else {
      pool.give(slot);
    }
  }

  private static void collect(
      List<CompletableFuture<Slot<String>>> waiting, List<Slot<String>> held) {
    waiting.removeIf(turn -> {
      if (turn.isDone() && !turn.isCompletedExceptionally()) {
        held.add(turn.join());
      }
      return turn.isDone();
    });
  }

  private static PoolKey key(int number) {
    return new PoolKey(
        new ConnectionDetails.Server("db", 5432),
        "shop",
        "gh_" + number,
        TlsMode.DISABLE,
        Optional.empty());
  }
}
