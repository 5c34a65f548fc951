package dev.gatehouse.controlplane.keyset;

import dev.gatehouse.controlplane.api.AccessControl;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.keyset.KeysetStore.Wrapped;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.tenant.Transition;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The life of the tenants' keysets. What is in the database decides each time, so that no instance
 * works with a key that was destroyed, or lacks one that another instance has made; what is kept
 * here only spares unwrapping. Any thread that may wait.
 */
public final class KeysetService {
  /** Keysets that are kept open. */
  private static final int MOST_OPEN = 2_000;

  /** Keys of one keyset. */
  static final int MOST_KEYS = 100;

  /** Uses that are counted at once; what is left of them when an instance ends counts as made. */
  private static final long USES_AT_ONCE = 1024;

  /** Tombstones that are looked up at once. */
  private static final int AT_ONCE = 1000;

  private final KeysetStore store = new KeysetStore();
  private final MasterKey masterKey;
  private final KeysetConfig config;
  private final InstantSource clock;
  private final Optional<Tombstones> tombstones;
  private final Map<KeysetOf, Keyset> open =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<KeysetOf, Keyset> eldest) {
          return size() > MOST_OPEN;
        }
      };

  /**
   * @param masterKey wraps the keysets
   * @param clock decides which keys are old
   */
  public KeysetService(MasterKey masterKey, KeysetConfig config, InstantSource clock) {
    this.masterKey = masterKey;
    this.config = config;
    this.clock = clock;
    this.tombstones = config.tombstones().map(Tombstones::new);
  }

  /**
   * A tenant's keyset, which is made where there is none yet.
   *
   * @throws ProblemException {@code TENANT_NOT_FOUND} if the tenant was deleted meanwhile
   */
  Keyset open(SqlConnection connection, KeysetOf name) {
    Optional<Wrapped> found = store.find(connection, name);
    return opened(name, found.orElseGet(() -> create(connection, name)));
  }

  private Wrapped create(SqlConnection connection, KeysetOf name) {
    Keyset made = Keyset.generate(name.kind());
    store.insert(connection, name, made.wrapped(name, masterKey), made.primary(), now());
    return store
        .find(connection, name)
        .orElseThrow(() -> AccessControl.noSuchTenant(name.tenant().toString()));
  }

  private Keyset opened(KeysetOf name, Wrapped wrapped) {
    synchronized (open) {
      Keyset known = open.get(name);
      if (known != null && known.version() == wrapped.version()) {
        return known;
      }
    }
    Keyset keyset = Keyset.open(name, wrapped.bytes().getBytes(), wrapped.version(), masterKey);
    synchronized (open) {
      open.put(name, keyset);
    }
    return keyset;
  }

  /**
   * Counts uses of the key that encrypts, before it does.
   *
   * @throws ProblemException {@code KEY_EXHAUSTED}
   */
  void count(SqlConnection connection, KeysetOf name, Keyset keyset, int uses) {
    if (keyset.take(uses)) {
      return;
    }
    long atOnce = Math.max(uses, USES_AT_ONCE);
    if (store.countUses(connection, name, keyset.primary(), atOnce, KeysetConfig.MOST_MESSAGES)) {
      keyset.add(atOnce - uses);
      return;
    }
    throw new ProblemException(
        Problem.KEY_EXHAUSTED,
        "the key "
            + TenantKey.nameOf(keyset.primary())
            + " has encrypted as many messages as is safe: rotate the keyset");
  }

  /** The keys of a keyset, the oldest first; none where nothing was done with it yet. */
  List<TenantKey> keys(SqlConnection connection, KeysetOf name) {
    return store.keys(connection, name);
  }

  /** The keyset, if there is one. */
  Optional<Keyset> find(SqlConnection connection, KeysetOf name) {
    return store.find(connection, name).map(wrapped -> opened(name, wrapped));
  }

  /**
   * Adds a key, with which all is encrypted or signed from now on; the others decrypt and verify.
   *
   * @throws ProblemException {@code TOO_MANY_KEYS}
   */
  Keyset rotate(SqlConnection tx, KeysetOf name) {
    Keyset before = locked(tx, name);
    if (before.size() >= MOST_KEYS) {
      throw new ProblemException(
          Problem.TOO_MANY_KEYS,
          "a keyset can have at most " + MOST_KEYS + " keys: destroy those that nothing needs");
    }
    Keyset after = before.rotated();
    store.addKey(tx, name, after.wrapped(name, masterKey), after.primary(), now());
    return after;
  }

  /**
   * Destroys a key: what was encrypted with it is lost.
   *
   * @return what it was
   * @throws ProblemException {@code KEY_NOT_FOUND}, or {@code KEY_IN_USE} where it is the one that
   *     encrypts or signs
   */
  TenantKey destroy(SqlConnection tx, KeysetOf name, String keyName) {
    TenantKey key =
        store.keys(tx, name).stream()
            .filter(one -> one.name().equals(keyName))
            .findFirst()
            .orElseThrow(() ->
                new ProblemException(
                    Problem.KEY_NOT_FOUND, "the keyset has no key with the id " + keyName));
    Keyset before = locked(tx, name);
    if (before.primary() == key.id()) {
      throw new ProblemException(
          Problem.KEY_IN_USE, "the key is the keyset's newest: rotate the keyset before");
    }
    byte[] after = before.without(key.id()).wrapped(name, masterKey);
    store.removeKey(tx, name, after, key.id());
    return key;
  }

  /** A keyset whose key is due to be succeeded. */
  Optional<KeysetOf> due(SqlConnection connection) {
    Instant olderThan = now().minus(config.rotateEvery());
    return store.due(connection, olderThan, config.rotateAfter(), MOST_KEYS);
  }

  /** Destroys the keysets of a deleted tenant, for ever where there is a file of tombstones. */
  public boolean erase(SqlConnection tx, UUID tenant) {
    tombstones.ifPresent(file -> file.add(List.of(tenant)));
    int _ = store.deleteAll(tx, tenant);
    synchronized (open) {
      for (KeysetKind kind : KeysetKind.values()) {
        open.remove(new KeysetOf(tenant, kind));
      }
    }
    return true;
  }

  /**
   * Compares the tombstones with the database: those that other instances have set are added, and
   * tenants that a restored backup has brought back are deleted again. Call it before anything is
   * served.
   */
  public void enforceTombstones(Database database, TenantService tenants) {
    if (tombstones.isEmpty()) {
      return;
    }
    Tombstones file = tombstones.get();
    Set<UUID> dead = file.read();
    List<UUID> all = List.copyOf(dead);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<UUID> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      database
          .withConnection(connection -> store.alive(connection, some))
          .forEach(tenant -> database.runInTransaction(tx -> deleteAgain(tx, tenant, tenants)));
    }
    List<UUID> deleted = database.withConnection(store::deleted);
    file.add(deleted.stream().filter(tenant -> !dead.contains(tenant)).toList());
  }

  private void deleteAgain(SqlConnection tx, UUID id, TenantService tenants) {
    tenants
        .lockById(tx, id)
        .ifPresent(tenant -> {
          int _ = store.deleteAll(tx, id);
          Optional<String> reason = Optional.of("deleted before, and back by a restored backup");
          tenants.moveByJob(tx, tenant, Transition.DELETE, reason, "tombstone");
        });
  }

  private Keyset locked(SqlConnection tx, KeysetOf name) {
    Optional<Wrapped> found = store.lock(tx, name);
    if (found.isEmpty()) {
      Wrapped _ = create(tx, name);
      found = store.lock(tx, name);
    }
    Wrapped wrapped = found.orElseThrow();
    return Keyset.open(name, wrapped.bytes().getBytes(), wrapped.version(), masterKey);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS); // as PostgreSQL keeps it
  }
}
