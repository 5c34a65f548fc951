package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.controlplane.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** How the control plane itself gets at the rows of tenants: as one of them, by a token. Blocks. */
final class Entrances {
  /** For one look through all tables. */
  private static final Duration TOKEN_LIFE = Duration.ofHours(1);

  private final Database database;
  private final PartitionService partitions;
  private final PlacementService placements;

  Entrances(Database database, PartitionService partitions, PlacementService placements) {
    this.database = database;
    this.partitions = partitions;
    this.placements = placements;
  }

  /** The next tenant whose rows are in a place, by their ids. */
  Optional<UUID> next(Place place, Optional<UUID> after) {
    return place.tenant().isPresent()
        ? place.tenant().filter(_ -> after.isEmpty())
        : database.withConnection(
            connection -> placements.nextWhoShares(connection, place.partition(), after));
  }

  /** What enters as a tenant. */
  String token(String partition, UUID tenant) {
    DatabaseTokenKey key =
        database
            .withConnection(connection -> partitions.minting(connection, partition))
            .orElseThrow(
                () -> new IllegalStateException("the partition " + partition + " has no key"));
    return key.mint(tenant, Instant.now().plus(TOKEN_LIFE));
  }
}
