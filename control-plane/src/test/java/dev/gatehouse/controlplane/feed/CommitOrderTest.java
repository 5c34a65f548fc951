package dev.gatehouse.controlplane.feed;

import static dev.gatehouse.controlplane.feed.FeedDatabase.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sixteen writers at once. */
@Timeout(120)
class CommitOrderTest {
  private static final int WRITERS = 16;
  private static final int WRITES_EACH = 25;

  private final FeedDatabase database = new FeedDatabase();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    database.close();
  }

  @Test
  void showsEveryRevisionInTheOrderOfTheCommits() throws Exception {
    try (FeedServer server = new FeedServer(database);
        FeedReader reader = server.reader("gw", 0)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        int writer = w;
        writers.add(threads.submit(() -> writeNewObjects(writer)));
      }

      List<FeedMessage> changes = reader.changesThrough((long) WRITERS * WRITES_EACH);

      assertThat(changes.stream().map(FeedMessage::revision))
          .containsExactlyElementsOf(
              java.util.stream.LongStream.rangeClosed(1, WRITERS * WRITES_EACH).boxed().toList());
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
  }

  private void writeNewObjects(int writer) {
    for (int i = 0; i < WRITES_EACH; i++) {
      database.upsert(service("s-" + writer + "-" + i, 1));
    }
  }

  @Test
  void joinsSnapshotDeltasAndResumptionsToTheSameState() throws Exception {
    long seed = System.nanoTime();
    FeedConfig smallWindow =
        FeedServer.with(
            java.time.Duration.ofMillis(100),
            java.time.Duration.ofSeconds(10),
            8,
            java.time.Duration.ofSeconds(10));
    try (FeedServer server = new FeedServer(database, smallWindow)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        Random random = new Random(seed + w);
        writers.add(threads.submit(() -> changeSharedObjects(random)));
      }
      FeedReader.Snapshot whole;
      FeedReader.Snapshot resumed;
      try (FeedReader first = server.reader("first")) {
        whole = first.snapshot();
        resumed = new FeedReader.Snapshot(whole.revision(), new HashMap<>(whole.objects()));
        long broken = whole.revision();
        for (int i = 0; i < 5; i++) {
          try (FeedReader again = server.reader("again", broken)) {
            FeedMessage change = again.next();
            resumed.apply(change);
            assertThat(change.revision()).isGreaterThanOrEqualTo(broken);
            broken = change.revision();
          }
        }
        for (Future<?> writer : writers) {
          writer.get();
        }
        long newest = database.upsert(service("last", 1));
        for (FeedMessage change : first.changesThrough(newest)) {
          whole.apply(change);
        }
        try (FeedReader again = server.reader("again", broken)) {
          for (FeedMessage change : again.changesThrough(newest)) {
            resumed.apply(change);
          }
        }
      }

      Map<FeedReader.Name, EdgeObject> truth;
      try (FeedReader fresh = server.reader("fresh")) {
        truth = fresh.snapshot().objects();
      }
      assertThat(whole.objects()).as("seed %d", seed).isEqualTo(truth);
      assertThat(resumed.objects()).as("seed %d", seed).isEqualTo(truth);
    }
  }

  private void changeSharedObjects(Random random) {
    for (int i = 0; i < WRITES_EACH; i++) {
      EdgeObject object = service("shared-" + random.nextInt(20), 1 + random.nextInt(60_000));
      if (random.nextInt(4) == 0) {
        database.remove(object);
      } else {
        database.upsert(object);
      }
    }
  }
}
