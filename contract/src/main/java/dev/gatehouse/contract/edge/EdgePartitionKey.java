package dev.gatehouse.contract.edge;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import java.time.Instant;
import java.util.Base64;

/**
 * What database tokens of one partition are minted with. Its database has had it for a while when
 * gateways begin to use it.
 *
 * @param id 8 lower-case letters and digits
 * @param partition name of the partition, and the audience of the tokens
 * @param secret 32 bytes in Base64; never logged
 * @param mintsFrom from when on gateways use it; of all keys of a partition whose time has come,
 *     the newest is used
 */
public record EdgePartitionKey(String id, String partition, String secret, Instant mintsFrom)
    implements EdgeObject {
  /**
   * @throws IllegalArgumentException if id, partition or secret cannot be a key's
   */
  public EdgePartitionKey {
    DatabaseTokenKey _ = read(id, secret, partition);
  }

  /** What mints. */
  public DatabaseTokenKey read() {
    return read(id, secret, partition);
  }

  private static DatabaseTokenKey read(String id, String secret, String partition) {
    return new DatabaseTokenKey(id, Base64.getDecoder().decode(secret), partition);
  }

  @Override
  public Kind kind() {
    return Kind.PARTITION_KEY;
  }

  @Override
  public String key() {
    return id;
  }

  /** Does not show the secret. */
  @Override
  public String toString() {
    return "EdgePartitionKey[id="
        + id
        + ", partition="
        + partition
        + ", mintsFrom="
        + mintsFrom
        + "]";
  }
}
