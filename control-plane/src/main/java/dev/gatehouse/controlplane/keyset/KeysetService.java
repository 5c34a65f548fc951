package dev.gatehouse.controlplane.keyset;

import dev.gatehouse.controlplane.api.AccessControl;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.RateLimit;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.WrappingKeys;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.controlplane.tenant.Transition;
import io.vertx.core.buffer.Buffer;
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

  /** Messages that are counted at once; what is left when an instance ends counts as encrypted. */
  static final long COUNTED_AT_ONCE = 1024;

  /** While a tenant's own key changes. */
  private static final int ATTEMPTS = 3;

  /** Tombstones that are looked up at once. */
  private static final int AT_ONCE = 1000;

  private final KeysetStore store = new KeysetStore();
  private final Wrapping wrapping;
  private final KeysetConfig config;
  private final InstantSource clock;
  private final Optional<Tombstones> tombstones;
  private final RateLimit uses;
  private final Map<KeysetOf, Open> open =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<KeysetOf, Open> eldest) {
          return size() > MOST_OPEN;
        }
      };

  /** A keyset, and as it rests. */
  private record Open(Buffer wrapped, Keyset keyset) {}

  /**
   * @param masterKey wraps the keysets
   * @param customerKeys wrap those of tenants that have keys of their own, besides
   * @param clock decides which keys are old
   */
  public KeysetService(
      MasterKey masterKey, WrappingKeys customerKeys, KeysetConfig config, InstantSource clock) {
    this.wrapping = new Wrapping(masterKey, customerKeys);
    this.config = config;
    this.clock = clock;
    this.tombstones = config.tombstones().map(Tombstones::new);
    this.uses = RateLimit.of("tenant-keys", config.usesPerSecond(), config.usesBurst());
  }

  /**
   * Lets a tenant's applications use its keys so often, or refuses it.
   *
   * @throws ProblemException {@code RATE_LIMITED}
   */
  void admit(UUID tenant, int messages) {
    uses.take(tenant.toString(), messages);
  }

  /**
   * A tenant's keyset, which is made where there is none yet.
   *
   * @throws ProblemException {@code TENANT_NOT_FOUND} if the tenant was deleted meanwhile, {@code
   *     KEY_WITHHELD}
   */
  Keyset open(SqlConnection connection, KeysetOf name) {
    Optional<Buffer> found = store.find(connection, name);
    return opened(connection, name, found.orElseGet(() -> create(connection, name)));
  }

  private Buffer create(SqlConnection connection, KeysetOf name) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<UUID> customerKey = store.customerKey(connection, name.tenant());
      Keyset made = Keyset.generate(name.kind(), customerKey);
      byte[] wrapped = wrapping.wrap(connection, name, made);
      store.insert(connection, name, wrapped, made.primary(), now(), customerKey);
      Optional<Buffer> found = store.find(connection, name);
      if (found.isPresent()) {
        return found.get();
      } // else the tenant has another key of its own meanwhile, or is gone
    }
    throw AccessControl.noSuchTenant(name.tenant().toString());
  }

  /**
   * The same, to encrypt some messages, which are counted before.
   *
   * @param atOnce how many are counted at least; what is left of them is for later calls. 1 within
   *     a transaction, which may be undone
   * @throws ProblemException also {@code KEY_EXHAUSTED}
   */
  Keyset openToEncrypt(SqlConnection connection, KeysetOf name, int messages, long atOnce) {
    long counted = Math.max(messages, atOnce);
    while (true) {
      Keyset keyset = open(connection, name);
      if (keyset.take(messages)) {
        return keyset;
      }
      int key = keyset.primary();
      if (store.countUses(connection, name, key, counted, KeysetConfig.MOST_MESSAGES)) {
        keyset.add(counted - messages);
        return keyset;
      }
      if (open(connection, name).primary() == key) {
        throw exhausted(keyset);
      } // else it was succeeded and destroyed meanwhile
    }
  }

  private Keyset opened(SqlConnection connection, KeysetOf name, Buffer wrapped) {
    Optional<Keyset> known = known(name, wrapped);
    known.ifPresent(keyset -> wrapping.require(connection, name, keyset));
    return known.orElseGet(
        () -> kept(name, wrapped, wrapping.open(connection, name, wrapped.getBytes())));
  }

  /**
   * A keyset as it rests, open; nobody is asked for a key of the tenant's own.
   *
   * @throws ProblemException {@code KEY_WITHHELD} where that is not at hand
   */
  Keyset openedAtHand(KeysetOf name, Buffer wrapped) {
    Optional<Keyset> known = known(name, wrapped);
    known.ifPresent(keyset -> wrapping.requireAtHand(name, keyset));
    return known.orElseGet(
        () -> kept(name, wrapped, wrapping.openAtHand(name, wrapped.getBytes())));
  }

  /**
   * What is kept is known by its bytes: a transaction that made another one may have been undone.
   */
  private Optional<Keyset> known(KeysetOf name, Buffer wrapped) {
    synchronized (open) {
      Open known = open.get(name);
      return known != null && known.wrapped().equals(wrapped)
          ? Optional.of(known.keyset())
          : Optional.empty();
    }
  }

  private Keyset kept(KeysetOf name, Buffer wrapped, Keyset keyset) {
    synchronized (open) {
      open.put(name, new Open(wrapped, keyset));
    }
    return keyset;
  }

  /** Keeps none of a tenant's keysets open any more. */
  public void close(UUID tenant) {
    synchronized (open) {
      for (KeysetKind kind : KeysetKind.values()) {
        open.remove(new KeysetOf(tenant, kind));
      }
    }
  }

  /**
   * Puts all keysets of a tenant, who is locked, under a key of the tenant's own, or under the
   * master key alone.
   *
   * @throws ProblemException {@code KEY_WITHHELD} where they do not open
   */
  public void rewrap(SqlConnection tx, UUID tenant, Optional<UUID> customerKey) {
    for (KeysetKind kind : KeysetKind.values()) {
      KeysetOf name = new KeysetOf(tenant, kind);
      store
          .lock(tx, name)
          .map(wrapped -> wrapping.open(tx, name, wrapped.getBytes()).under(customerKey))
          .ifPresent(keyset -> store.replace(tx, name, wrapping.wrap(tx, name, keyset)));
    }
  }

  private static ProblemException exhausted(Keyset keyset) {
    return new ProblemException(
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
    return store.find(connection, name).map(wrapped -> opened(connection, name, wrapped));
  }

  /**
   * Adds a key, with which all is encrypted or signed from now on; the others decrypt and verify.
   *
   * @throws ProblemException {@code TOO_MANY_KEYS}
   */
  Keyset rotate(SqlConnection tx, KeysetOf name) {
    Keyset before = lock(tx, name);
    if (before.size() >= MOST_KEYS) {
      throw new ProblemException(
          Problem.TOO_MANY_KEYS,
          "a keyset can have at most " + MOST_KEYS + " keys: destroy those that nothing needs");
    }
    Keyset after = before.rotated();
    store.addKey(tx, name, wrapping.wrap(tx, name, after), after.primary(), now());
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
    Keyset before = lock(tx, name);
    if (before.primary() == key.id()) {
      throw new ProblemException(
          Problem.KEY_IN_USE, "the key is the keyset's newest: rotate the keyset before");
    }
    byte[] after = wrapping.wrap(tx, name, before.without(key.id()));
    store.removeKey(tx, name, after, key.id());
    return key;
  }

  /** A keyset whose key is due to be succeeded. */
  Optional<KeysetOf> due(SqlConnection connection) {
    Instant olderThan = now().minus(config.rotateEvery());
    return store.due(connection, olderThan, config.rotateAfter(), MOST_KEYS);
  }

  /** Since when a keyset is due and has no room for one more key, where it is so. */
  Optional<Instant> fullSince(SqlConnection connection, KeysetOf name) {
    return store.fullSince(connection, name);
  }

  /** A keyset that is due and has no room for one more key, of which nobody was told yet. */
  Optional<KeysetOf> full(SqlConnection tx) {
    Instant olderThan = now().minus(config.rotateEvery());
    return store.full(tx, olderThan, config.rotateAfter(), MOST_KEYS);
  }

  /** The keyset of a tenant's secrets that still has keys besides the newest, if there is one. */
  Optional<KeysetOf> unfinished(SqlConnection connection) {
    return store.withSeveralKeys(connection, KeysetKind.SECRETS);
  }

  /** Destroys all keys but the newest, with which nothing is encrypted any more. */
  void destroyOlder(SqlConnection tx, KeysetOf name, Keyset keyset) {
    Keyset after = keyset;
    for (TenantKey key : store.keys(tx, name)) {
      if (key.id() != keyset.primary()) {
        after = after.without(key.id());
        store.removeKey(tx, name, wrapping.wrap(tx, name, after), key.id());
      }
    }
  }

  /** Destroys the keysets of a deleted tenant, for ever where there is a file of tombstones. */
  public boolean erase(SqlConnection tx, UUID tenant) {
    tombstones.ifPresent(file -> file.add(List.of(tenant)));
    int _ = store.deleteAll(tx, tenant);
    close(tenant);
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

  /** A tenant's keyset, which no other transaction changes until this one ends. */
  Keyset lock(SqlConnection tx, KeysetOf name) {
    Optional<Buffer> found = store.lock(tx, name);
    if (found.isEmpty()) {
      Buffer _ = create(tx, name);
      found = store.lock(tx, name);
    }
    return wrapping.open(tx, name, found.orElseThrow().getBytes());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS); // as PostgreSQL keeps it
  }
}
