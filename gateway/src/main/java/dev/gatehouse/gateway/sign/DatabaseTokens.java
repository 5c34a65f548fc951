package dev.gatehouse.gateway.sign;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.contract.edge.EdgePartitionKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Mints what tenants' transactions begin with, by the keys that the control plane has put into the
 * partitions. Any thread mints, without waiting; one changes the keys, of which there are some two
 * for each partition.
 */
public final class DatabaseTokens {
  private final Map<String, Key> keys = new ConcurrentHashMap<>();

  private record Key(EdgePartitionKey edge, DatabaseTokenKey mint) {}

  /**
   * A token for a tenant.
   *
   * @param ends when nobody may enter with it any more
   * @return empty if there is no key of this partition whose time has come
   */
  public Optional<String> mint(String partition, UUID tenant, Instant now, Instant ends) {
    Key newest = null;
    for (Key key : keys.values()) {
      if (key.edge.partition().equals(partition)
          && !key.edge.mintsFrom().isAfter(now)
          && (newest == null || key.edge.mintsFrom().isAfter(newest.edge.mintsFrom()))) {
        newest = key;
      }
    }
    return newest == null ? Optional.empty() : Optional.of(newest.mint.mint(tenant, ends));
  }

  /** Adds a key, or replaces the one of its id. Only the writing thread. */
  public void upsert(EdgePartitionKey key) {
    keys.put(key.id(), new Key(key, key.read()));
  }

  /** Takes one out. Only the writing thread. */
  public void remove(String id) {
    keys.remove(id);
  }

  /** All keys. Only the writing thread. */
  public void forEachObject(Consumer<? super EdgePartitionKey> visitor) {
    keys.values().forEach(key -> visitor.accept(key.edge));
  }
}
