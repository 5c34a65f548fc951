package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.edge.EdgePlacement;
import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where the data of a tenant are.
 *
 * @param password of its role, sealed; none where it shares
 * @param placedAt when all was there that it needs; empty before
 */
record Placement(
    UUID tenantId,
    String partition,
    IsolationStrategy strategy,
    State state,
    Optional<SealedSecret> password,
    Instant createdAt,
    Optional<Instant> placedAt) {

  /** How far it is. */
  enum State {
    /** Its place is being made. */
    PLACING,
    /** All is there. */
    PLACED,
    /** It is being taken away, with all that is in it. */
    REMOVING
  }

  boolean isPlaced() {
    return state == State.PLACED;
  }

  /**
   * What the edge is told.
   *
   * @param blueprints versions of its tables, where it has them for itself
   */
  EdgePlacement toEdge(Map<String, Integer> blueprints) {
    return new EdgePlacement(
        partition, strategy, blueprints.isEmpty() ? Optional.empty() : Optional.of(blueprints));
  }

  /** What callers see. */
  JsonObject toJson() {
    PartitionNames names = new PartitionNames(partition);
    JsonObject json =
        new JsonObject()
            .put("state", state.name().toLowerCase(Locale.ROOT))
            .put("partition", partition)
            .put("strategy", strategy.wireName());
    switch (strategy) {
      case SHARED -> json.put("schema", PartitionNames.SCHEMA);
      case SCHEMA -> json.put("schema", names.placeOf(tenantId));
      case DATABASE -> json.put("database", names.placeOf(tenantId));
    }
    placedAt.ifPresent(time -> json.put("placedAt", time.toString()));
    return json;
  }
}
