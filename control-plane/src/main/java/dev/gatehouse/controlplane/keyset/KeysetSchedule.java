package dev.gatehouse.controlplane.keyset;

import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.key.Resealing;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job that succeeds the keys of tenants when they are due, one in each transaction, and has
 * sealed anew what the control plane keeps for them.
 */
public final class KeysetSchedule implements JobHandler {
  /** The kind of the one job. */
  public static final String KIND = "keysets";

  /** Where others hold the rows that are left. */
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(KeysetSchedule.class);

  private final KeysetService keysets;
  private final Resealing resealing;
  private final AuditService audit;
  private final Duration checkEvery;
  private final InstantSource clock;

  /**
   * @param resealing seals what the control plane keeps for a tenant with the tenant's newest key
   * @param checkEvery how long to pause where nothing is due any more
   */
  public KeysetSchedule(
      KeysetService keysets,
      Resealing resealing,
      AuditService audit,
      Duration checkEvery,
      InstantSource clock) {
    this.keysets = keysets;
    this.resealing = resealing;
    this.audit = audit;
    this.checkEvery = checkEvery;
    this.clock = clock;
  }

  @Override
  public Effect run(Job job) {
    return tx -> {
      Optional<KeysetOf> unfinished = keysets.unfinished(tx);
      if (unfinished.isPresent()) {
        return reseal(tx, unfinished.get());
      }
      Optional<KeysetOf> due = keysets.due(tx);
      due.ifPresent(name -> rotate(tx, name));
      keysets.full(tx).ifPresent(name -> tellFull(tx, name));
      return Next.again(due.isPresent() ? clock.instant() : clock.instant().plus(checkEvery));
    };
  }

  /** What the control plane has sealed itself is sealed anew, and then the older keys go. */
  private Next reseal(SqlConnection tx, KeysetOf name) {
    resealing.lock(tx, name.tenant());
    Keyset keyset = keysets.lock(tx, name);
    return switch (resealing.ofTenant(tx, name.tenant(), keyset.primary())) {
      case MORE -> Next.again(clock.instant());
      case HELD -> Next.again(clock.instant().plus(BETWEEN_TRIES));
      case DONE -> {
        keysets.destroyOlder(tx, name, keyset);
        record(tx, name, "keyset.destroy-older", keyset);
        yield Next.again(clock.instant());
      }
    };
  }

  /** What applications have kept may need each of its keys: they alone can say which to destroy. */
  private void tellFull(SqlConnection tx, KeysetOf name) {
    record(tx, name, "keyset.full", keysets.lock(tx, name));
    LOG.warn(
        "the keyset {} of the tenant {} is due and has {} keys: no new one is made until some are"
            + " destroyed",
        name.kind().wireName(),
        name.tenant(),
        KeysetService.MOST_KEYS);
  }

  private void rotate(SqlConnection tx, KeysetOf name) {
    record(tx, name, "keyset.rotate", keysets.rotate(tx, name));
  }

  private void record(SqlConnection tx, KeysetOf name, String action, Keyset keyset) {
    String kind = name.kind().wireName();
    audit.system(
        tx,
        name.tenant(),
        action,
        "/v1/tenants/" + name.tenant() + "/keys/" + kind,
        Optional.empty(),
        Optional.of(JsonObject.of("keyset", kind, "id", TenantKey.nameOf(keyset.primary()))));
  }
}
