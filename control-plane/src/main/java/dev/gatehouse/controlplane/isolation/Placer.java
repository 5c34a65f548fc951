package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.tenant.TenantEraser;
import dev.gatehouse.controlplane.tenant.TenantService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes in partitions what tenants need there, and takes it away. All of it may be done again and
 * leads to the same. Blocks; virtual threads.
 */
public final class Placer {
  private final Database database;
  private final PartitionService partitions;
  private final PlacementService placements;
  private final RolloutService rollouts;
  private final TenantService tenants;
  private final Entrances entrances;
  private final CurrentBlueprints current;

  public Placer(
      Database database,
      PartitionService partitions,
      PlacementService placements,
      RolloutService rollouts,
      TenantService tenants) {
    this.database = database;
    this.partitions = partitions;
    this.placements = placements;
    this.rollouts = rollouts;
    this.tenants = tenants;
    this.entrances = new Entrances(database, partitions, placements);
    this.current = new CurrentBlueprints(database, rollouts.blueprints(), partitions, placements);
  }

  /** What there is to do, read in one transaction. */
  private record Work(
      Placement placement, Partition partition, PartitionAddress address, String password) {
    /** Without secrets. */
    @Override
    public String toString() {
      return "Work[" + placement.tenantId() + " in " + address + "]";
    }
  }

  /**
   * Makes the place of a tenant, outside of any transaction.
   *
   * @param plan what it is on
   * @param config what its document says of itself
   * @return whether there is one; none is needed where no partition is registered, or the tenant
   *     was deleted meanwhile
   * @throws SQLException if the partition refuses, or does not answer
   * @throws IllegalStateException if there is no place for it now
   */
  public boolean place(UUID tenant, Optional<String> plan, JsonObject config) throws SQLException {
    Optional<Work> work =
        database.inTransaction(tx -> {
          // Locked, so that a place is either seen by its erasure or not chosen any more.
          if (!partitions.any(tx) || tenants.lockById(tx, tenant).isEmpty()) {
            return Optional.empty();
          }
          Placement placement = placements.reserve(tx, tenant, plan, config);
          Partition partition = partitions.find(tx, placement.partition());
          return Optional.of(
              new Work(
                  placement,
                  partition,
                  partitions.adminAddress(tx, partition),
                  placement.strategy() == IsolationStrategy.SHARED
                      ? ""
                      : placements.passwordOf(tx, placement)));
        });
    if (work.isEmpty()) {
      return false;
    }
    return work.get().placement().state() != Placement.State.PLACING || make(work.get());
  }

  /** Returns false where the tenant is deleted. */
  private boolean make(Work work) throws SQLException {
    if (work.placement().strategy() == IsolationStrategy.SHARED) {
      return true; // its rows need nothing
    }
    UUID tenant = work.placement().tenantId();
    int limit = work.partition().connectionLimit();
    try (PartitionServer server =
        PartitionServer.connect(work.address(), work.partition().names())) {
      server.reserve(tenant);
      if (!isStillWanted(tenant)) {
        return false;
      }
      if (work.placement().strategy() == IsolationStrategy.SCHEMA) {
        server.makeSchemaOf(tenant, work.password(), limit);
      } else {
        server.makeDatabaseOf(tenant, work.password(), limit);
      }
      current.applyTo(work.address(), Place.of(work.placement()));
    }
    return true;
  }

  /** Its erasure says first that it takes the place away, then waits for who makes it. */
  private boolean isStillWanted(UUID tenant) {
    return database
        .withConnection(connection -> placements.find(connection, tenant))
        .filter(placement -> placement.state() != Placement.State.REMOVING)
        .isPresent();
  }

  /** Takes away what a deleted tenant has in its partition, with all that is in it. */
  public TenantEraser eraser() {
    return new TenantEraser() {
      @Override
      public void prepare(UUID tenant) throws SQLException {
        Optional<Placement> placement =
            database.inTransaction(tx -> placements.beginRemoval(tx, tenant));
        if (placement.isPresent()) {
          remove(placement.get());
        }
      }

      @Override
      public boolean erase(SqlConnection tx, UUID tenant) {
        rollouts.forget(tx, tenant);
        placements.removed(tx, tenant);
        return true;
      }
    };
  }

  private void remove(Placement placement) throws SQLException {
    UUID tenant = placement.tenantId();
    Partition partition =
        database.withConnection(connection -> partitions.find(connection, placement.partition()));
    PartitionAddress address =
        database.withConnection(connection -> partitions.adminAddress(connection, partition));
    try (PartitionServer server = PartitionServer.connect(address, partition.names())) {
      server.reserve(tenant);
      switch (placement.strategy()) {
        case SHARED -> server.deleteRowsOf(entrances.token(partition.name(), tenant));
        case SCHEMA -> server.dropSchemaOf(tenant);
        case DATABASE -> server.dropDatabaseOf(tenant);
      }
    }
  }
}
