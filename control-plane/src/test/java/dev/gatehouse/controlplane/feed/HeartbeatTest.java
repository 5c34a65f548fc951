package dev.gatehouse.controlplane.feed;

import static dev.gatehouse.controlplane.feed.FeedDatabase.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.edge.FeedMessage.Heartbeat;
import dev.gatehouse.contract.edge.FeedMessage.Upsert;
import dev.gatehouse.controlplane.Concurrently;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that hears a heartbeat has the state of its revision. */
@Timeout(120)
class HeartbeatTest {
  /** More than the feed reads at once. */
  private static final int MANY = 1200;

  private final FeedDatabase database = new FeedDatabase();
  private FeedServer server;

  @BeforeEach
  void start() {
    server = new FeedServer(database);
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  @Test
  void waitsForTheNewestStateOfAnObjectThatWasChangedAgain() throws Exception {
    long first = database.upsert(service("changed-again", 1));
    writeMany();
    long newest = database.upsert(service("changed-again", 2));

    try (FeedReader reader = server.reader("gw", 0)) {
      FeedMessage message = reader.next();
      while (!message.equals(new Upsert(newest, service("changed-again", 2)))) {
        assertThat(message instanceof Heartbeat heartbeat && heartbeat.revision() >= first)
            .as(message.toString())
            .isFalse();
        message = reader.next();
      }
      assertThat(reader.next()).isEqualTo(new Heartbeat(newest));
    }
  }

  private void writeMany() {
    database.inTransaction(tx -> {
      for (int i = 0; i < MANY; i++) {
        database.publisher().upsert(tx, service("other-" + i, 1));
      }
      return MANY;
    });
  }

  @Test
  void holdsTheStateOfItsRevisionWhateverIsWrittenMeanwhile() throws Exception {
    long seed = System.nanoTime();
    ConcurrentSkipListMap<Long, EdgeObject> truth = new ConcurrentSkipListMap<>();
    try (FeedReader reader = server.reader("gw", 0)) {
      Concurrently.call(
          8,
          writer -> {
            Random random = new Random(seed + writer);
            for (int i = 0; i < 40; i++) {
              EdgeObject object = service("s-" + random.nextInt(10), 1 + random.nextInt(60_000));
              truth.put(database.upsert(object), object);
            }
            return writer;
          });

      Map<String, EdgeObject> told = new HashMap<>();
      FeedMessage message;
      do {
        message = reader.next();
        if (message instanceof Upsert(long _, EdgeObject object)) {
          told.put(object.key(), object);
        } else if (message instanceof Heartbeat(long revision)) {
          Map<String, EdgeObject> wanted = new HashMap<>();
          truth.headMap(revision, true).values().forEach(o -> wanted.put(o.key(), o));
          assertThat(told).as("seed %d, revision %d", seed, revision).isEqualTo(wanted);
        }
      } while (!message.equals(new Heartbeat(truth.lastKey())));
    }
  }
}
