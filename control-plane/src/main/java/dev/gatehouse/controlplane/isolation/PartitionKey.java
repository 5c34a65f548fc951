package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.contract.edge.EdgePartitionKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * What database tokens of a partition are minted with.
 *
 * @param secret 32 bytes in Base64
 * @param mintsFrom none until it is in the partition
 * @param endsAt when nobody has a token of it any more; none while it has no successor
 */
record PartitionKey(
    String id,
    String partition,
    String secret,
    Instant createdAt,
    Optional<Instant> mintsFrom,
    Optional<Instant> endsAt) {
  byte[] bytes() {
    return Base64.getDecoder().decode(secret);
  }

  DatabaseTokenKey minting() {
    return new DatabaseTokenKey(id, bytes(), partition);
  }

  boolean hasEnded(Instant now) {
    return endsAt.filter(end -> !end.isAfter(now)).isPresent();
  }

  EdgePartitionKey toEdge() {
    return new EdgePartitionKey(id, partition, secret, mintsFrom.orElseThrow());
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject().put("id", id).put("createdAt", createdAt.toString());
    mintsFrom.ifPresent(time -> json.put("mintsFrom", time.toString()));
    endsAt.ifPresent(time -> json.put("endsAt", time.toString()));
    return json;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "PartitionKey[" + id + " of " + partition + "]";
  }
}
