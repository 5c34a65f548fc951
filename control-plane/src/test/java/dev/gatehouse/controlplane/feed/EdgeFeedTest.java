package dev.gatehouse.controlplane.feed;

import static dev.gatehouse.controlplane.feed.FeedDatabase.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.edge.FeedMessage.Heartbeat;
import dev.gatehouse.contract.edge.FeedMessage.Remove;
import dev.gatehouse.contract.edge.FeedMessage.Upsert;
import dev.gatehouse.contract.edge.MessageSignature;
import dev.gatehouse.controlplane.secret.TenantSealers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EdgeFeedTest {
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

  private static FeedReader.Name named(String service) {
    return new FeedReader.Name(EdgeObject.Kind.SERVICE, service);
  }

  @Test
  void beginsWithASnapshotOfWhatExists() throws Exception {
    database.upsert(service("a", 1));
    database.upsert(service("gone", 1));
    database.upsert(service("a", 2));
    long newest = database.remove(service("gone", 1));

    try (FeedReader reader = server.reader("gw")) {
      FeedReader.Snapshot snapshot = reader.snapshot();

      assertThat(snapshot.revision()).isEqualTo(newest);
      assertThat(snapshot.objects()).containsOnly(Map.entry(named("a"), service("a", 2)));
    }
  }

  @Test
  void tellsOfEachChangeAfterItsCommit() throws Exception {
    try (FeedReader reader = server.reader("gw")) {
      reader.snapshot();

      long created = database.upsert(service("a", 1));
      assertThat(reader.nextChange()).isEqualTo(new Upsert(created, service("a", 1)));

      long removed = database.remove(service("a", 1));
      assertThat(reader.nextChange()).isEqualTo(new Remove(removed, EdgeObject.Kind.SERVICE, "a"));
    }
  }

  @Test
  void resumesFromARevisionWithEachObjectOnce() throws Exception {
    long known = database.upsert(service("a", 1));
    database.upsert(service("b", 1));
    long removed = database.remove(service("a", 1));
    long changed = database.upsert(service("b", 2));

    try (FeedReader reader = server.reader("gw", known)) {
      assertThat(reader.nextChange()).isEqualTo(new Remove(removed, EdgeObject.Kind.SERVICE, "a"));
      assertThat(reader.nextChange()).isEqualTo(new Upsert(changed, service("b", 2)));
      assertThat(reader.next()).isEqualTo(new Heartbeat(changed));
    }
  }

  @Test
  void saysThatItIsAliveWhileNothingChanges() throws Exception {
    long newest = database.upsert(service("a", 1));

    try (FeedReader reader = server.reader("gw", newest)) {
      assertThat(reader.next()).isEqualTo(new Heartbeat(newest));
      assertThat(reader.next()).isEqualTo(new Heartbeat(newest));
    }
  }

  @Test
  void tellsNothingOfAChangeThatWasRolledBack() throws Exception {
    try (FeedReader reader = server.reader("gw")) {
      long before = reader.snapshot().revision();

      assertThatThrownBy(() ->
              database.inTransaction(tx -> {
                database.publisher().upsert(tx, service("never", 1));
                throw new IllegalStateException("rolled back");
              }))
          .hasMessage("rolled back");
      long committed = database.upsert(service("a", 1));

      assertThat(committed).isEqualTo(before + 1);
      assertThat(reader.nextChange()).isEqualTo(new Upsert(committed, service("a", 1)));
    }
  }

  @Test
  void sendsASnapshotToAGatewayFromTheFuture() throws Exception {
    long newest = database.upsert(service("a", 1));

    try (FeedReader reader = server.reader("gw", newest + 1000)) {
      assertThat(reader.snapshot().revision()).isEqualTo(newest);
    }
  }

  @Test
  void sendsASnapshotWhenTheDatabaseWasRestoredWhileGatewaysWereConnected() throws Exception {
    database.upsert(service("a", 1));
    long newest = database.upsert(service("b", 1));

    try (FeedReader reader = server.reader("gw", newest)) {
      reader.next(Heartbeat.class::isInstance);
      database.execute("DELETE FROM edge_object WHERE key = 'b'");
      database.execute("UPDATE edge_revision SET revision = revision - 1");

      assertThat(reader.snapshot().objects()).containsOnlyKeys(named("a"));
    }
  }

  @Test
  void sendsASnapshotToAGatewayThatMissedForgottenRemovals() throws Exception {
    long before = database.upsert(service("a", 1));
    database.upsert(service("b", 1));
    long removed = database.remove(service("a", 1));
    new FeedStore(database.pool(), database.sealer(), TenantSealers.none(database.sealer()))
        .purgeTombstones(Duration.ofNanos(1), 1000);

    try (FeedReader late = server.reader("late", before);
        FeedReader current = server.reader("current", removed)) {
      assertThat(late.snapshot().objects()).containsOnlyKeys(named("b"));
      assertThat(current.next()).isEqualTo(new Heartbeat(removed));
    }
  }

  @Test
  void remembersOnlySoManyRemovals() throws Exception {
    for (int i = 0; i < 5; i++) {
      database.upsert(service("s" + i, 1));
    }
    for (int i = 0; i < 5; i++) {
      database.remove(service("s" + i, 1));
    }

    new FeedStore(database.pool(), database.sealer(), TenantSealers.none(database.sealer()))
        .purgeTombstones(Duration.ofDays(1), 2);

    assertThat(database.queryLong("SELECT count(*) FROM edge_object")).isEqualTo(2);
    assertThat(database.queryLong("SELECT purged_through FROM edge_revision")).isEqualTo(8);
  }

  @Test
  void leavesOutAnObjectThatCannotBeReadAndTellsOfTheOthers() throws Exception {
    database.upsert(service("broken", 1));
    database.execute("UPDATE edge_object SET payload = '{\"name\": 1}' WHERE key = 'broken'");
    long newest = database.upsert(service("a", 1));

    try (FeedReader reader = server.reader("gw")) {
      FeedReader.Snapshot snapshot = reader.snapshot();

      assertThat(snapshot.objects()).containsOnlyKeys(named("a"));
      assertThat(snapshot.revision()).isEqualTo(newest);
    }
  }

  @Test
  void hearsOfChangesAgainAfterTheListeningConnectionWasKilled() throws Exception {
    try (FeedReader reader = server.reader("gw")) {
      reader.snapshot();
      long killed =
          database.queryLong(
              """
              SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE datname = current_database() AND query ILIKE 'LISTEN%'
              """);

      long first = database.upsert(service("a", 1));
      FeedMessage afterTheKill = reader.nextChange();
      long second = database.upsert(service("a", 2));

      assertThat(killed).isEqualTo(1);
      assertThat(afterTheKill).isEqualTo(new Upsert(first, service("a", 1)));
      assertThat(reader.nextChange()).isEqualTo(new Upsert(second, service("a", 2)));
    }
  }

  @Test
  void feedsFromOneInstanceWhatAnotherWrote() throws Exception {
    try (FeedDatabase elsewhere = new FeedDatabase();
        FeedServer other = new FeedServer(database);
        FeedReader here = server.reader("here");
        FeedReader there = other.reader("there")) {
      here.snapshot();
      there.snapshot();

      long revision = database.upsert(service("a", 1));
      elsewhere.upsert(service("not-this-database", 1));

      assertThat(here.nextChange()).isEqualTo(new Upsert(revision, service("a", 1)));
      assertThat(there.nextChange()).isEqualTo(new Upsert(revision, service("a", 1)));
    }
  }

  @Test
  void opensTheSecretOfAServiceOnlyOnTheWayOut() throws Exception {
    String secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
    EdgeService shared =
        service("shared", 1)
            .with(
                new MessageSignature(
                    MessageSignature.Algorithm.HMAC_SHA256,
                    Optional.of(secret),
                    Optional.empty(),
                    OptionalInt.empty()));
    long revision = database.upsert(shared);

    try (FeedReader reader = server.reader("gw", 0)) {
      assertThat(reader.nextChange()).isEqualTo(new Upsert(revision, shared));
    }
    assertThat(
            database.queryLong(
                "SELECT count(*) FROM edge_object WHERE payload::text LIKE $1", "%" + secret + "%"))
        .isZero();
  }

  @Test
  void opensASigningKeyOnlyOnTheWayOut() throws Exception {
    var key =
        new dev.gatehouse.contract.edge.EdgeSigningKey(
            "kid",
            "{\"d\":\"the-private-part\"}",
            java.time.Instant.EPOCH,
            java.time.Instant.parse("2030-01-01T00:00:00Z"));
    long revision = database.upsert(key);

    try (FeedReader reader = server.reader("gw", 0)) {
      assertThat(reader.nextChange()).isEqualTo(new Upsert(revision, key));
    }
    assertThat(
            database.queryLong(
                "SELECT count(*) FROM edge_object WHERE payload::text LIKE '%private-part%'"))
        .isZero();
  }
}
