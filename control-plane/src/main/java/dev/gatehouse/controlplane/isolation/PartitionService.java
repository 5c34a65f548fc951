package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePartition;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.isolation.PartitionStore.Passwords;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.JobState;
import dev.gatehouse.controlplane.job.NewJob;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules of partitions and of the keys that their tokens are minted with. What happens in a
 * partition itself is done by {@link PartitionJob}.
 */
public final class PartitionService {
  /** How many there may be. */
  static final int MOST = 1_000;

  /** How old a key becomes. */
  private static final Duration ROTATE_EVERY = Duration.ofDays(90);

  /** From when a key is in its partition until gateways mint with it: they all know it then. */
  private static final Duration PUBLISH_AHEAD = Duration.ofSeconds(10);

  /** Until the last context with a token of an older key has ended, and clocks that differ. */
  private static final Duration OVERLAP = Duration.ofMinutes(5);

  private static final String ID_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 8;
  private static final int PASSWORD_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final PartitionStore store;
  private final PartitionKeyStore keys;
  private final BlueprintService blueprints;
  private final EdgePublisher publisher;
  private final JobService jobs;
  private final InstantSource clock;

  /**
   * @param masterKey seals passwords and keys
   * @param clock decides which keys are due
   */
  public PartitionService(
      BlueprintService blueprints,
      EdgePublisher publisher,
      MasterKey masterKey,
      JobService jobs,
      InstantSource clock) {
    this.blueprints = blueprints;
    this.store = new PartitionStore(masterKey);
    this.keys = new PartitionKeyStore(masterKey);
    this.publisher = publisher;
    this.jobs = jobs;
    this.clock = clock;
  }

  Partition create(SqlConnection tx, JsonObject body) {
    JsonObject document = body.copy();
    String name = (String) document.remove("name");
    String password = (String) document.remove("password");
    PartitionRules.check(document, clock.instant());
    if (store.count(tx) >= MOST) {
      throw new ProblemException(
          Problem.TOO_MANY_PARTITIONS, "there may be " + MOST + " partitions");
    }
    Partition created = store.insert(tx, name, document, new Passwords(password, newPassword()));
    prepareNow(tx, name);
    return created;
  }

  Partition find(SqlConnection connection, String name) {
    return store.find(connection, name).orElseThrow(() -> notFound(name));
  }

  Partition lock(SqlConnection tx, String name) {
    return store.lock(tx, name).orElseThrow(() -> notFound(name));
  }

  Optional<Partition> ifThere(SqlConnection connection, String name) {
    return store.find(connection, name);
  }

  List<Partition> list(SqlConnection connection, Optional<String> after, int count) {
    return store.list(connection, after.orElse(""), count);
  }

  List<Partition> all(SqlConnection connection) {
    return store.list(connection, "", MOST);
  }

  /** Whether tenants are placed at all. */
  boolean any(SqlConnection connection) {
    return store.any(connection);
  }

  /** Changes one that is locked. What is new in it is prepared. */
  Partition change(SqlConnection tx, Partition partition, JsonObject wanted) {
    JsonObject document = wanted.copy();
    PartitionRules.check(document, clock.instant());
    Optional.ofNullable((String) document.remove("password"))
        .ifPresent(password -> store.setAdminPassword(tx, partition.name(), password));
    if (partition.tenants() > 0
        && !document.getString("database").equals(partition.document().getString("database"))) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(Fault.at("/database", "cannot change while tenants are in it")));
    }
    Partition changed = store.update(tx, partition.name(), document);
    prepareNow(tx, partition.name());
    return changed;
  }

  /**
   * Forgets one that is locked; what was made in it stays there.
   *
   * @throws ProblemException {@code PARTITION_IN_USE} if tenants are in it
   */
  void delete(SqlConnection tx, Partition partition) {
    if (partition.tenants() > 0) {
      throw new ProblemException(
          Problem.PARTITION_IN_USE, partition.tenants() + " tenants are in it");
    }
    boolean _ = jobs.cancel(tx, PartitionJob.KIND, partition.name());
    List<String> ids =
        keys.list(tx, partition.name()).stream()
            .filter(key -> key.mintsFrom().isPresent())
            .map(PartitionKey::id)
            .toList();
    store.delete(tx, partition.name());
    publisher.removeAll(tx, EdgeObject.Kind.PARTITION_KEY, ids);
    if (partition.preparedAt().isPresent()) {
      publisher.remove(tx, EdgeObject.Kind.PARTITION, partition.name());
    }
  }

  /** Has a successor made of the key that mints, unless one is on its way. */
  void rotateKey(SqlConnection tx, Partition partition) {
    Instant now = now();
    boolean onItsWay =
        keys.list(tx, partition.name()).stream()
            .anyMatch(key -> key.mintsFrom().map(from -> from.isAfter(now)).orElse(true));
    if (!onItsWay) {
      addKey(tx, partition.name());
    }
    prepareNow(tx, partition.name());
  }

  /** What callers see of one. */
  JsonObject shown(SqlConnection connection, Partition partition) {
    Optional<String> problem =
        jobs.find(connection, PartitionJob.KIND, partition.name()).flatMap(JobState::lastError);
    return partition
        .toJson(problem)
        .put(
            "keys",
            new JsonArray(
                keys.list(connection, partition.name()).stream()
                    .map(PartitionKey::toJson)
                    .toList()));
  }

  /** How the role that sets it up connects. */
  PartitionAddress adminAddress(SqlConnection connection, Partition partition) {
    return partition.address(
        partition.adminUser(), store.passwords(connection, partition.name()).admin());
  }

  /** With what applications serve tenants who share. */
  String applicationPassword(SqlConnection connection, String partition) {
    return store.passwords(connection, partition).application();
  }

  /** A token of a partition, for what the control plane does there itself. */
  Optional<DatabaseTokenKey> minting(SqlConnection connection, String partition) {
    Instant now = now();
    return keys.list(connection, partition).stream()
        .filter(key -> key.mintsFrom().isPresent() && !key.hasEnded(now))
        .reduce((_, newer) -> newer)
        .map(PartitionKey::minting);
  }

  /** Keys that the partition is to have: a first one is made, and a successor when it is time. */
  Map<String, byte[]> dueKeys(SqlConnection tx, String partition) {
    List<PartitionKey> all = keys.list(tx, partition);
    Instant now = now();
    if (all.isEmpty() || !all.getLast().createdAt().plus(ROTATE_EVERY).isAfter(now)) {
      addKey(tx, partition);
    }
    Map<String, byte[]> wanted = new LinkedHashMap<>();
    keys.list(tx, partition).stream()
        .filter(key -> !key.hasEnded(now))
        .forEach(key -> wanted.put(key.id(), key.bytes()));
    return wanted;
  }

  /**
   * All is there that tenants need, these keys among it and no others: gateways may use them. One
   * that ended while that was done is known until the next look, which takes it away. Returns when
   * that is.
   */
  Instant prepared(SqlConnection tx, String partition, String serverVersion, Set<String> ids) {
    Instant now = now();
    store.markPrepared(tx, partition, serverVersion);
    List<PartitionKey> before = keys.list(tx, partition);
    boolean first = before.stream().noneMatch(key -> key.mintsFrom().isPresent());
    ids.forEach(id -> keys.mintsFrom(tx, id, first ? now : now.plus(PUBLISH_AHEAD)));
    List<PartitionKey> left = new ArrayList<>();
    for (PartitionKey key : keys.list(tx, partition)) {
      if (key.hasEnded(now) && !ids.contains(key.id())) {
        keys.delete(tx, key.id());
        publisher.remove(tx, EdgeObject.Kind.PARTITION_KEY, key.id());
        continue;
      }
      left.add(key);
      if (key.mintsFrom().isPresent() && !isTold(key, before)) {
        publisher.upsert(tx, key.toEdge());
      }
    }
    if (first) {
      publishTables(tx, partition);
    }
    return nextLook(tx, left);
  }

  /** Whether the edge knows it as it is: nothing of it that the edge is told changes later. */
  private static boolean isTold(PartitionKey key, List<PartitionKey> before) {
    return before.stream()
        .anyMatch(was -> was.id().equals(key.id()) && was.mintsFrom().equals(key.mintsFrom()));
  }

  /** Tells the edge which tables those have who share in a partition. */
  void publishTables(SqlConnection tx, String partition) {
    publisher.upsert(
        tx, new EdgePartition(partition, blueprints.versionsAt(tx, Place.shared(partition))));
  }

  /** When a successor is due, or a key ends: at once, if one that is still there has ended. */
  private Instant nextLook(SqlConnection tx, List<PartitionKey> left) {
    PartitionKey newest = left.getLast();
    Instant next = newest.createdAt().plus(ROTATE_EVERY);
    for (PartitionKey key : left) {
      if (!key.equals(newest) && newest.mintsFrom().isPresent()) {
        Instant end = key.endsAt().orElse(newest.mintsFrom().get().plus(OVERLAP));
        keys.endsAt(tx, key.id(), end);
        next = end.isBefore(next) ? end : next;
      }
    }
    return next;
  }

  private void prepareNow(SqlConnection tx, String name) {
    jobs.reschedule(tx, NewJob.of(PartitionJob.KIND, name, Instant.now()));
  }

  private void addKey(SqlConnection tx, String partition) {
    StringBuilder id = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
    }
    byte[] secret = new byte[DatabaseTokenKey.LENGTH];
    random.nextBytes(secret);
    keys.insert(tx, id.toString(), partition, secret);
  }

  /** A password of 43 letters, digits, hyphens and underscores. */
  String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static ProblemException notFound(String name) {
    return new ProblemException(
        Problem.PARTITION_NOT_FOUND, "no partition has the name \"" + name + "\"");
  }
}
