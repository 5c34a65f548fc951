package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.edge.EdgePlacement;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.isolation.PlacementPolicy.Wish;
import dev.gatehouse.controlplane.isolation.PlacementStore.Policy;
import dev.gatehouse.controlplane.job.JobService;
import dev.gatehouse.controlplane.job.JobState;
import dev.gatehouse.controlplane.job.NewJob;
import dev.gatehouse.controlplane.secret.SealedSecret;
import dev.gatehouse.controlplane.secret.SecretColumn;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The rules of placements. What happens in a partition itself is done by {@link Placer}. Where no
 * partition is registered, nobody is placed.
 */
public final class PlacementService {
  private final PlacementStore store = new PlacementStore();
  private final PartitionService partitions;
  private final BlueprintService blueprints;
  private final TenantSealers sealers;
  private final JobService jobs;
  private final InstantSource clock;

  /**
   * @param sealers seal the passwords of tenants' roles
   */
  public PlacementService(
      PartitionService partitions,
      BlueprintService blueprints,
      TenantSealers sealers,
      JobService jobs,
      InstantSource clock) {
    this.partitions = partitions;
    this.blueprints = blueprints;
    this.sealers = sealers;
    this.jobs = jobs;
    this.clock = clock;
  }

  /** What the edge is told; empty until all is there. */
  public Optional<EdgePlacement> edgePlacement(SqlConnection connection, UUID tenant) {
    return store
        .find(connection, tenant)
        .filter(Placement::isPlaced)
        .map(placement ->
            placement.toEdge(
                placement.strategy() == IsolationStrategy.SHARED
                    ? Map.of()
                    : blueprints.versionsAt(connection, Place.of(placement))));
  }

  /** Wants new tenants to be placed, where tenants are placed at all. */
  public void begin(SqlConnection tx, Collection<UUID> tenants) {
    if (partitions.any(tx)) {
      tenants.forEach(tenant -> placeSoon(tx, tenant));
    }
  }

  private void placeSoon(SqlConnection tx, UUID tenant) {
    jobs.reschedule(tx, NewJob.of(PlacementJob.KIND, tenant.toString(), tenant, Instant.now()));
  }

  /**
   * Refuses a partition that does not exist, where there are some.
   *
   * @param database what a tenant's document says of its database
   * @throws ProblemException {@code UNKNOWN_PARTITION} with the place
   */
  public void requireKnown(SqlConnection tx, JsonObject database) {
    Optional.ofNullable(database.getString("connection"))
        .filter(_ -> partitions.any(tx))
        .filter(name -> partitions.ifThere(tx, name).isEmpty())
        .ifPresent(name -> {
          throw new ProblemException(
              Problem.UNKNOWN_PARTITION,
              List.of(
                  Fault.at(
                      "/config/database/connection",
                      "must name a partition that exists, found \"" + name + "\"")));
        });
  }

  /**
   * Refuses what a change of a tenant's document would mean for its data: those are taken elsewhere
   * by a move, not by a word.
   *
   * @param database what the document is to say of its database
   * @throws ProblemException {@code INVALID_BODY} with the place
   */
  public void requireSamePlace(SqlConnection tx, UUID tenant, JsonObject database) {
    store
        .find(tx, tenant)
        .ifPresent(placement -> {
          requireSame("strategy", placement.strategy().wireName(), database);
          requireSame("connection", placement.partition(), database);
        });
  }

  private static void requireSame(String member, String is, JsonObject database) {
    Optional.ofNullable(database.getString(member))
        .filter(wanted -> !wanted.equals(is))
        .ifPresent(wanted -> {
          throw new ProblemException(
              Problem.INVALID_BODY,
              List.of(
                  Fault.at(
                      "/config/database/" + member,
                      "must be " + is + ", where the tenant's data are, found " + wanted)));
        });
  }

  /**
   * Wants a tenant to be placed that is not yet.
   *
   * @throws ProblemException {@code ALREADY_PLACED}, or {@code NO_PARTITION} if there is none at
   *     all
   */
  void place(SqlConnection tx, UUID tenant) {
    if (store.find(tx, tenant).filter(Placement::isPlaced).isPresent()) {
      throw new ProblemException(Problem.ALREADY_PLACED, "its data have a place");
    }
    if (!partitions.any(tx)) {
      throw new ProblemException(Problem.NO_PARTITION, "register a partition first");
    }
    placeSoon(tx, tenant);
  }

  Optional<Placement> find(SqlConnection connection, UUID tenant) {
    return store.find(connection, tenant);
  }

  List<Placement> list(
      SqlConnection connection, Partition partition, Optional<UUID> after, int count) {
    return store.list(connection, partition.name(), after, count);
  }

  /** What callers see of a tenant's, with the versions of blueprints that are there. */
  JsonObject shown(SqlConnection connection, UUID tenant) {
    Optional<Placement> found = store.find(connection, tenant);
    JsonObject json =
        found.map(Placement::toJson).orElseGet(() -> new JsonObject().put("state", "none"));
    found
        .filter(Placement::isPlaced)
        .map(placement -> blueprints.versionsAt(connection, Place.of(placement)))
        .filter(versions -> !versions.isEmpty())
        .ifPresent(versions -> json.put("blueprints", new JsonObject(new TreeMap<>(versions))));
    jobs.find(connection, PlacementJob.KIND, tenant.toString())
        .ifPresent(job -> {
          if (json.getString("state").equals("none")) {
            json.put("state", "waiting");
          }
          Optional.of(job).flatMap(JobState::lastError).ifPresent(why -> json.put("problem", why));
        });
    return json;
  }

  /**
   * The place that a tenant has, chosen now if it had none.
   *
   * @param plan what it is on
   * @param config what its document says of itself
   * @throws IllegalStateException if there is no place for it now; the message says what is missing
   */
  Placement reserve(SqlConnection tx, UUID tenant, Optional<String> plan, JsonObject config) {
    return store.find(tx, tenant).orElseGet(() -> chosen(tx, tenant, plan, config));
  }

  private Placement chosen(
      SqlConnection tx, UUID tenant, Optional<String> plan, JsonObject config) {
    Wish wish =
        PlacementPolicy.of(store.policy(tx).document())
            .wishOf(
                plan,
                config.getJsonObject("database", new JsonObject()),
                Optional.ofNullable(config.getString("region")))
            .orElseThrow(() ->
                new IllegalStateException(
                    "no rule of the placement policy is for "
                        + plan.map(name -> "the plan " + name).orElse("tenants without a plan")));
    Partition partition =
        PlacementPolicy.choose(wish, partitions.all(tx))
            .map(found -> partitions.lock(tx, found.name()))
            .filter(wish::allows) // others may have filled it meanwhile
            .orElseThrow(
                () -> new IllegalStateException("there is no partition " + wish.inWords()));
    Optional<SealedSecret> password =
        wish.strategy() == IsolationStrategy.SHARED
            ? Optional.empty()
            : Optional.of(
                passwords(tx, tenant).seal(tenant, partitions.newPassword(), clock.instant()));
    store.insert(tx, tenant, partition.name(), wish.strategy(), password);
    return store.find(tx, tenant).orElseThrow();
  }

  /** The next tenant, by their ids, who shares tables in a partition. */
  Optional<UUID> nextWhoShares(SqlConnection connection, String partition, Optional<UUID> after) {
    return store.nextWhoShares(connection, partition, after);
  }

  void placed(SqlConnection tx, UUID tenant) {
    store.markPlaced(tx, tenant);
  }

  /** The password of the role that a tenant has of its own. */
  String passwordOf(SqlConnection connection, Placement placement) {
    return placement
        .password()
        .map(sealed ->
            passwords(connection, placement.tenantId()).open(placement.tenantId(), sealed))
        .orElseThrow(() -> new IllegalStateException("who shares has no role of its own"));
  }

  private SecretColumn passwords(SqlConnection connection, UUID tenant) {
    return new SecretColumn(sealers.of(connection, tenant), "placement.password");
  }

  /** Nobody is placed there any more; what is there is about to be taken away. */
  Optional<Placement> beginRemoval(SqlConnection tx, UUID tenant) {
    store.markRemoving(tx, tenant);
    return store.find(tx, tenant);
  }

  void removed(SqlConnection tx, UUID tenant) {
    store.delete(tx, tenant);
  }

  Policy policy(SqlConnection connection) {
    return store.policy(connection);
  }

  Policy setPolicy(SqlConnection tx, JsonObject document) {
    return store.setPolicy(tx, document);
  }
}
