package dev.gatehouse.contract.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TallyTest {

  @Test
  void givesEachCountOnce() {
    Tally<String> tally = new Tally<>(10);
    tally.count("a");
    tally.count("a");
    tally.add("b", 5);
    assertThat(tally.take()).isEqualTo(Map.of("a", 2L, "b", 5L));
    assertThat(tally.take()).isEmpty();
  }

  @Test
  void countsOnlyHowManyThereWereOfWhatThereIsNoRoomFor() {
    Tally<Integer> tally = new Tally<>(3);
    for (int i = 0; i < 10; i++) {
      tally.count(i);
    }
    tally.count(0);
    assertThat(tally.take()).hasSize(3).containsEntry(0, 2L);
    assertThat(tally.takeOthers()).isEqualTo(7);
    assertThat(tally.takeOthers()).isZero();
  }

  @Test
  void losesNothingWhereManyCountWhileItIsTaken() throws Exception {
    Tally<Integer> tally = new Tally<>(4);
    int threads = 4;
    int each = 50_000;
    CountDownLatch done = new CountDownLatch(threads);
    long told = 0;
    try (ExecutorService counting = Executors.newFixedThreadPool(threads)) {
      for (int t = 0; t < threads; t++) {
        counting.execute(() -> {
          for (int i = 0; i < each; i++) {
            tally.count(i % 6);
          }
          done.countDown();
        });
      }
      while (done.getCount() > 0) {
        told += taken(tally);
      }
    }
    told += taken(tally);
    assertThat(told).isEqualTo((long) threads * each);
  }

  private static long taken(Tally<Integer> tally) {
    return tally.take().values().stream().mapToLong(Long::longValue).sum() + tally.takeOthers();
  }
}
