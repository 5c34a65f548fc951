package dev.gatehouse.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostIndexTest {
  private static final int CHANGES = 20_000;
  private static final int STAYING = 500;

  @RepeatedTest(10)
  void holdsWhatAMapHolds() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    HostIndex<Integer> index = new HostIndex<>();
    Map<String, Integer> model = new HashMap<>();
    int hosts = random.nextInt(1, 5_000);

    for (int change = 0; change < CHANGES; change++) {
      String host = host(random.nextInt(hosts));
      if (random.nextInt(3) == 0) {
        index.remove(host);
        model.remove(host);
      } else {
        index.put(host, change);
        model.put(host, change);
      }
      String asked = host(random.nextInt(hosts));
      assertThat(index.get(asked)).as("%s, seed %d", asked, seed).isEqualTo(model.get(asked));
    }

    for (int number = 0; number < hosts; number++) {
      assertThat(index.get(host(number)))
          .as("%s, seed %d", host(number), seed)
          .isEqualTo(model.get(host(number)));
    }
  }

  @Test
  void tellsHostsApartThatDifferInOneCharacter() {
    HostIndex<String> index = new HostIndex<>();
    String host = "a".repeat(253);
    IntStream.range(0, host.length())
        .mapToObj(at -> host.substring(0, at) + "b" + host.substring(at + 1))
        .forEach(other -> index.put(other, other));

    assertThat(index.get(host)).isNull();
    assertThat(index.get("b" + host.substring(1))).isEqualTo("b" + host.substring(1));
  }

  /** The places of removed hosts are won back, or this would take all memory. */
  @Test
  void goesOnThroughMillionsOfHostsThatComeAndGo() {
    HostIndex<String> index = new HostIndex<>();
    index.put("stays.example", "stays");

    for (int number = 0; number < 3_000_000; number++) {
      String host = host(number);
      index.put(host, host);
      index.remove(host);
    }

    assertThat(index.get("stays.example")).isEqualTo("stays");
    assertThat(index.get(host(0))).isNull();
  }

  /** Hosts come, go and grow the index around those that stay; values change under the reader. */
  @Test
  void aReaderAlwaysFindsWhatStays() throws Exception {
    long seed = System.nanoTime();
    HostIndex<String> index = new HostIndex<>();
    IntStream.range(0, STAYING)
        .mapToObj(HostIndexTest::host)
        .forEach(host -> index.put(host, host));
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch reading = new CountDownLatch(1);

    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> readUntil(done, reading, index), Thread.ofPlatform().daemon()::start);
    try {
      reading.await();
      changeAround(index, new SplittableRandom(seed));
    } finally {
      done.set(true);
    }

    assertThat(reader).as("seed %d", seed).succeedsWithin(Duration.ofSeconds(30));
  }

  private static void changeAround(HostIndex<String> index, SplittableRandom random) {
    for (int change = 0; change < 10 * CHANGES; change++) {
      String passing = host(STAYING + random.nextInt(1 + change / 4));
      if (random.nextBoolean()) {
        index.put(passing, passing);
      } else {
        index.remove(passing);
      }
      String staying = host(random.nextInt(STAYING));
      index.put(staying, new String(staying));
    }
  }

  private static void readUntil(
      AtomicBoolean done, CountDownLatch reading, HostIndex<String> index) {
    int number = 0;
    while (!done.get()) {
      String host = host(number++ % STAYING);
      assertThat(index.get(host)).isEqualTo(host);
      String passing = host(STAYING + number % (10 * CHANGES));
      String found = index.get(passing);
      assertThat(found == null || found.equals(passing)).isTrue();
      reading.countDown();
    }
  }

  private static String host(int number) {
    return "tenant-" + number + ".example";
  }
}
