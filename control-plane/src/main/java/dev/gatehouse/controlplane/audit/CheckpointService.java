package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.AuditKey;
import dev.gatehouse.contract.audit.Checkpoint;
import dev.gatehouse.contract.audit.MerkleTree;
import dev.gatehouse.controlplane.secret.MasterKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes checkpoints over all chains and proves to each chain that it is covered. All changes happen
 * under one lock in the database and after a look at what is there, so several instances may try at
 * the same time. Blocks: virtual threads only.
 */
public final class CheckpointService {
  private final CheckpointStore store = new CheckpointStore();
  private final AuditKeyStore keys;
  private final Duration every;
  private final InstantSource clock;
  private final AtomicReference<Optional<Covered>> newest = new AtomicReference<>(Optional.empty());

  /** The leaves of a checkpoint's tree, kept since every export needs them. */
  private record Covered(long sequence, List<Checkpoint.Head> heads, MerkleTree tree) {}

  /**
   * @param masterKey seals the private keys
   * @param every how much time is between two checkpoints that nobody asked for
   * @param clock decides what is due
   */
  public CheckpointService(MasterKey masterKey, Duration every, InstantSource clock) {
    this.keys = new AuditKeyStore(masterKey);
    this.every = every;
    this.clock = clock;
  }

  /** Makes a checkpoint if the newest is too old, or there is none. */
  void makeIfDue(SqlConnection tx) {
    if (isDue(tx)) {
      store.lock(tx);
      if (isDue(tx)) {
        insert(tx);
      }
    }
  }

  /** Makes a checkpoint. */
  StoredCheckpoint make(SqlConnection tx) {
    store.lock(tx);
    return insert(tx);
  }

  /** Makes new keys, which sign from now on, and destroys the private halves of the old ones. */
  List<CheckpointKey> rotate(SqlConnection tx) {
    store.lock(tx);
    signing(tx).forEach(key -> keys.destroyPrivate(tx, key));
    return makeKeys(tx);
  }

  /** All public keys that there ever were. */
  List<CheckpointKey> keys(SqlConnection connection) {
    return keys.list(connection);
  }

  /** A page of checkpoints, the newest first. */
  List<StoredCheckpoint> list(SqlConnection connection, Optional<String> before, int count) {
    return store.list(connection, before.map(Long::parseLong).orElse(Long.MAX_VALUE), count);
  }

  /** The newest checkpoint, as an export of a chain has it; empty if none covers the chain. */
  Optional<JsonObject> proofFor(SqlConnection connection, UUID chain) {
    return store
        .newest(connection)
        .flatMap(checkpoint -> {
          Covered covered = covered(connection, checkpoint.checkpoint().sequence());
          for (int i = 0; i < covered.heads().size(); i++) {
            Checkpoint.Head head = covered.heads().get(i);
            if (head.chain().equals(chain)) {
              return Optional.of(proof(checkpoint, head, i, covered.tree()));
            }
          }
          return Optional.empty();
        });
  }

  private static JsonObject proof(
      StoredCheckpoint checkpoint, Checkpoint.Head head, int index, MerkleTree tree) {
    HexFormat hex = HexFormat.of();
    return checkpoint
        .toJson()
        .put(
            "leaf",
            JsonObject.of(
                "index", index, "length", head.length(), "hash", hex.formatHex(head.hash())))
        .put("proof", new JsonArray(tree.proof(index).stream().map(hex::formatHex).toList()));
  }

  private Covered covered(SqlConnection connection, long sequence) {
    Optional<Covered> known = newest.get().filter(one -> one.sequence() == sequence);
    if (known.isPresent()) {
      return known.get();
    }
    List<Checkpoint.Head> heads = store.headsAt(connection, sequence);
    Covered covered = new Covered(sequence, heads, treeOver(heads));
    newest.set(Optional.of(covered));
    return covered;
  }

  private boolean isDue(SqlConnection tx) {
    Instant due = clock.instant().minus(every);
    return store.newest(tx).filter(one -> one.checkpoint().time().isAfter(due)).isEmpty();
  }

  private StoredCheckpoint insert(SqlConnection tx) {
    List<Checkpoint.Head> heads = store.ends(tx);
    Optional<Checkpoint> previous = store.newest(tx).map(StoredCheckpoint::checkpoint);
    Checkpoint checkpoint =
        new Checkpoint(
            previous.map(Checkpoint::sequence).orElse(0L) + 1,
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            previous.map(Checkpoint::hash).orElse(Checkpoint.NONE),
            heads.size(),
            HexFormat.of().formatHex(treeOver(heads).root()));
    JsonArray signatures = new JsonArray();
    for (AuditKey key : signing(tx)) {
      byte[] signature =
          AuditKey.sign(key.algorithm(), keys.privateKey(tx, key), checkpoint.signedBytes());
      signatures.add(
          JsonObject.of(
              "algorithm", key.algorithm().standardName(),
              "key", key.id(),
              "signature", Base64.getEncoder().encodeToString(signature)));
    }
    StoredCheckpoint made = new StoredCheckpoint(checkpoint, signatures);
    store.insert(tx, made, heads);
    return made;
  }

  /** The keys that sign; makes the first ones. */
  private List<AuditKey> signing(SqlConnection tx) {
    List<CheckpointKey> signing = keys.list(tx).stream().filter(CheckpointKey::signs).toList();
    return (signing.isEmpty() ? makeKeys(tx) : signing).stream().map(CheckpointKey::key).toList();
  }

  private List<CheckpointKey> makeKeys(SqlConnection tx) {
    for (AuditKey.Algorithm algorithm : AuditKey.Algorithm.values()) {
      KeyPair pair = AuditKey.generate(algorithm);
      keys.insert(tx, AuditKey.of(algorithm, pair.getPublic()), pair.getPrivate().getEncoded());
    }
    return keys.list(tx).stream().filter(CheckpointKey::signs).toList();
  }

  private static MerkleTree treeOver(List<Checkpoint.Head> heads) {
    return MerkleTree.over(heads.stream().map(Checkpoint.Head::bytes).toList());
  }
}
