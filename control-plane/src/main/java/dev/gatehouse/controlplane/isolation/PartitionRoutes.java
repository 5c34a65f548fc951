package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Pages;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** {@code /v1/partitions}. */
public final class PartitionRoutes {
  private final PartitionService partitions;
  private final PlacementService placements;
  private final Pages pages;

  public PartitionRoutes(PartitionService partitions, PlacementService placements, Pages pages) {
    this.partitions = partitions;
    this.placements = placements;
    this.pages = pages;
  }

  /** Binds the operations on partitions. */
  public void bind(Api api) {
    api.perform("createPartition", this::create)
        .perform("listPartitions", this::list)
        .perform("getPartition", this::get)
        .perform("patchPartition", this::patch)
        .perform("deletePartition", this::delete)
        .perform("rotatePartitionKey", this::rotate)
        .perform("listPlacements", this::placements);
  }

  private Answer create(ApiRequest request, SqlConnection tx) {
    Partition created = partitions.create(tx, request.body());
    return Answer.created("/v1/partitions/" + created.name(), partitions.shown(tx, created))
        .withVersion(created.version());
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (after, count) -> partitions.list(connection, after, count),
        Partition::name,
        partition -> partitions.shown(connection, partition));
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    Partition partition = partitions.find(connection, request.path("partition"));
    return Answer.ok(partitions.shown(connection, partition)).withVersion(partition.version());
  }

  private Answer patch(ApiRequest request, SqlConnection tx) {
    Partition before = lock(request, tx);
    Partition changed = partitions.change(tx, before, request.patched(before.changeable()));
    return Answer.ok(partitions.shown(tx, changed))
        .withVersion(changed.version())
        .replacing(partitions.shown(tx, before));
  }

  private Answer delete(ApiRequest request, SqlConnection tx) {
    Partition before = lock(request, tx);
    JsonObject shown = partitions.shown(tx, before);
    partitions.delete(tx, before);
    return Answer.noContent().replacing(shown);
  }

  private Answer rotate(ApiRequest request, SqlConnection tx) {
    Partition partition = partitions.lock(tx, request.path("partition"));
    partitions.rotateKey(tx, partition);
    return Answer.accepted(partitions.shown(tx, partition));
  }

  private Answer placements(ApiRequest request, SqlConnection connection) {
    Partition partition = partitions.find(connection, request.path("partition"));
    return pages.answer(
        request,
        (after, count) ->
            placements.list(connection, partition, after.map(UUID::fromString), count),
        placement -> placement.tenantId().toString(),
        placement -> placement.toJson().put("tenant", placement.tenantId().toString()));
  }

  private Partition lock(ApiRequest request, SqlConnection tx) {
    Partition partition = partitions.lock(tx, request.path("partition"));
    request.requireVersion(partition.version());
    return partition;
  }
}
