package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.controlplane.database.Database;
import io.vertx.sqlclient.SqlConnection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives new places what the others have: every blueprint in its current version. Blocks. */
public final class CurrentBlueprints {
  private final Database database;
  private final BlueprintService blueprints;
  private final Entrances entrances;

  public CurrentBlueprints(
      Database database,
      BlueprintService blueprints,
      PartitionService partitions,
      PlacementService placements) {
    this.database = database;
    this.blueprints = blueprints;
    this.entrances = new Entrances(database, partitions, placements);
  }

  private record Current(Blueprint blueprint, Map<Integer, BlueprintVersion> versions) {}

  /**
   * Applies them to a place, which has what it needs already.
   *
   * @param address of its partition, as who sets it up
   * @throws SQLException if one of them fails there
   */
  void applyTo(PartitionAddress address, Place place) throws SQLException {
    List<Current> all = database.withConnection(this::all);
    for (Current current : all) {
      Blueprint blueprint = current.blueprint();
      Migrator migrator = new Migrator(blueprint.name(), current.versions(), entrances);
      int has = migrator.migrateUp(address, place, blueprint.current()).version();
      database.runInTransaction(tx -> blueprints.noteVersion(tx, blueprint.name(), place, has));
    }
  }

  private List<Current> all(SqlConnection connection) {
    return blueprints.list(connection, Optional.empty(), BlueprintService.MOST).stream()
        .filter(blueprint -> blueprint.current() > 0)
        .map(blueprint -> new Current(blueprint, blueprints.versions(connection, blueprint.name())))
        .toList();
  }
}
