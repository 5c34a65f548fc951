package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a partition as it is to be: roles, schemas and keys. One a partition, which never ends; it
 * runs when something changes, and when a key is due.
 */
public final class PartitionJob implements JobHandler {
  /** The kind of the jobs; the key is the partition's name. */
  public static final String KIND = "partition";

  private final Database database;
  private final PartitionService partitions;
  private final CurrentBlueprints current;

  public PartitionJob(Database database, PartitionService partitions, CurrentBlueprints current) {
    this.database = database;
    this.partitions = partitions;
    this.current = current;
  }

  /** What there is to do, read in one transaction. */
  private record Wanted(
      PartitionAddress address,
      PartitionNames names,
      boolean isNew,
      String appPassword,
      Map<String, byte[]> keys) {
    /** Without secrets. */
    @Override
    public String toString() {
      return "Wanted[" + address + "]";
    }
  }

  @Override
  public Effect run(Job job) throws Exception {
    String name = job.key();
    Optional<Wanted> wanted =
        database.inTransaction(tx ->
            partitions
                .ifThere(tx, name)
                .map(partition ->
                    new Wanted(
                        partitions.adminAddress(tx, partition),
                        partition.names(),
                        partition.preparedAt().isEmpty(),
                        partitions.applicationPassword(tx, name),
                        partitions.dueKeys(tx, name))));
    if (wanted.isEmpty()) {
      return _ -> Next.done();
    }
    Set<String> ids = wanted.get().keys().keySet();
    String version;
    try (PartitionServer server =
        PartitionServer.connect(wanted.get().address(), wanted.get().names())) {
      version = server.prepare(wanted.get().appPassword(), wanted.get().keys());
    }
    if (wanted.get().isNew()) {
      current.applyTo(wanted.get().address(), Place.shared(name));
    }
    return tx -> {
      Partition _ = partitions.lock(tx, name);
      return Next.again(partitions.prepared(tx, name, version, ids));
    };
  }
}
