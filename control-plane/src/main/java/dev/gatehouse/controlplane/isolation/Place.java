package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.IsolationStrategy;
import java.util.Optional;
import java.util.UUID;

/**
 * Where an application's tables are: the schema of those who share in a partition, or the place of
 * one tenant.
 *
 * @param tenant absent for those who share
 */
record Place(String partition, IsolationStrategy strategy, Optional<UUID> tenant) {
  /** The place of all who share in a partition. */
  static Place shared(String partition) {
    return new Place(partition, IsolationStrategy.SHARED, Optional.empty());
  }

  /** Where a tenant's tables are. */
  static Place of(Placement placement) {
    return placement.strategy() == IsolationStrategy.SHARED
        ? shared(placement.partition())
        : new Place(placement.partition(), placement.strategy(), Optional.of(placement.tenantId()));
  }

  /** The schema that the tables are in. */
  String schema() {
    return strategy == IsolationStrategy.SCHEMA
        ? new PartitionNames(partition).placeOf(tenant.orElseThrow())
        : PartitionNames.SCHEMA;
  }

  /** How to connect to it. */
  PartitionAddress in(PartitionAddress address) {
    return strategy == IsolationStrategy.DATABASE
        ? address.in(new PartitionNames(partition).placeOf(tenant.orElseThrow()))
        : address;
  }
}
