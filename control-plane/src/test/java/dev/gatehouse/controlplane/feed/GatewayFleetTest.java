package dev.gatehouse.controlplane.feed;

import static dev.gatehouse.controlplane.feed.FeedDatabase.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatewayFleetTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final FeedDatabase database = new FeedDatabase();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    database.close();
  }

  @Test
  void waitsForNobodyWhereThereIsNoGateway() {
    try (FeedServer server = new FeedServer(database)) {
      long revision = database.upsert(service("a", 1));

      assertThat(server.feed().fleet().awaitApplied(revision, LONG)).isEmpty();
    }
  }

  @Test
  void namesTheGatewaysThatLag() throws Exception {
    try (FeedServer server = new FeedServer(database)) {
      long revision = database.upsert(service("a", 1));
      server.applied("gw-c", revision - 1);
      server.applied("gw-a", revision);
      server.applied("gw-b", revision - 1);

      assertThat(server.feed().fleet().awaitApplied(revision, SHORT))
          .containsExactly("gw-b", "gw-c");
    }
  }

  @Test
  void wakesAWaiterOnAnotherInstance() throws Exception {
    try (FeedServer here = new FeedServer(database);
        FeedServer there = new FeedServer(database)) {
      long revision = database.upsert(service("a", 1));
      there.applied("gw", revision - 1);
      Future<List<String>> waiter =
          threads.submit(() -> here.feed().fleet().awaitApplied(revision, LONG));

      there.applied("gw", revision);

      assertThat(waiter.get()).isEmpty();
    }
  }

  @Test
  void wakesManyWaiters() throws Exception {
    try (FeedServer server = new FeedServer(database)) {
      server.applied("gw", 0);
      List<Future<List<String>>> waiters =
          java.util.stream.IntStream.range(0, 200)
              .mapToObj(i ->
                  threads.submit(() -> {
                    long revision = database.upsert(service("s" + i, 1));
                    return server.feed().fleet().awaitApplied(revision, LONG);
                  }))
              .toList();

      try (FeedReader reader = server.reader("gw", 0)) {
        for (int i = 0; i < 200; i++) {
          server.applied("gw", reader.nextChange().revision());
        }
        for (Future<List<String>> waiter : waiters) {
          assertThat(waiter.get()).isEmpty();
        }
      }
    }
  }

  @Test
  void doesNotMissAGatewayThatHasOnlyJustConnected() throws Exception {
    try (FeedServer server = new FeedServer(database);
        FeedReader reader = server.reader("gw-new")) {
      reader.snapshot();
      long revision = database.upsert(service("a", 1));

      assertThat(server.feed().fleet().awaitApplied(revision, SHORT)).containsExactly("gw-new");
    }
  }

  @Test
  void doesNotWaitForADeadGateway() throws Exception {
    try (FeedServer server = new FeedServer(database)) {
      server.applied("gw", 0);
      long revision = database.upsert(service("a", 1));
      database.execute("UPDATE gateway SET last_seen_at = now() - interval '11 seconds'");

      assertThat(server.feed().fleet().awaitApplied(revision, LONG)).isEmpty();
    }
  }

  @Test
  void stopsWaitingWhenAGatewayDies() throws Exception {
    try (FeedServer server = new FeedServer(database)) {
      server.applied("gw", 0);
      long revision = database.upsert(service("a", 1));
      Future<List<String>> waiter =
          threads.submit(() -> server.feed().fleet().awaitApplied(revision, LONG));

      database.execute("UPDATE gateway SET last_seen_at = now() - interval '11 seconds'");

      assertThat(waiter.get()).isEmpty();
    }
  }

  @Test
  void doesNotBelieveAGatewayFromTheFuture() throws Exception {
    try (FeedServer server = new FeedServer(database)) {
      long revision = database.upsert(service("a", 1));
      server.applied("gw", revision + 1000);

      assertThat(server.feed().fleet().awaitApplied(revision, SHORT)).containsExactly("gw");
    }
  }

  @Test
  void listsGatewaysWithTheirLag() throws Exception {
    try (FeedServer server = new FeedServer(database)) {
      long revision = database.upsert(service("a", 1));
      server.applied("gw-a", revision);
      server.applied("gw-b", 0);
      database.execute(
          "UPDATE gateway SET last_seen_at = '2026-01-02T03:04:05Z' WHERE name = 'gw-b'");

      List<JsonObject> items =
          server.feed().gatewayRoutes().list().getJsonArray("items").stream()
              .map(JsonObject.class::cast)
              .toList();

      assertThat(items.getFirst().getString("name")).isEqualTo("gw-a");
      assertThat(items.getFirst().getLong("lag")).isZero();
      assertThat(items.getFirst().getBoolean("live")).isTrue();
      assertThat(items.getLast())
          .isEqualTo(
              JsonObject.of(
                  "name",
                  "gw-b",
                  "appliedRevision",
                  0L,
                  "lag",
                  revision,
                  "lastSeenAt",
                  "2026-01-02T03:04:05Z",
                  "live",
                  false));
    }
  }
}
