package dev.gatehouse.controlplane.keyset;

import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The job that succeeds the keys of tenants when they are due, one in each transaction. */
public final class KeysetSchedule implements JobHandler {
  /** The kind of the one job. */
  public static final String KIND = "keysets";

  private final KeysetService keysets;
  private final AuditService audit;
  private final Duration checkEvery;
  private final InstantSource clock;

  /**
   * @param checkEvery how long to pause where nothing is due any more
   */
  public KeysetSchedule(
      KeysetService keysets, AuditService audit, Duration checkEvery, InstantSource clock) {
    this.keysets = keysets;
    this.audit = audit;
    this.checkEvery = checkEvery;
    this.clock = clock;
  }

  @Override
  public Effect run(Job job) {
    return tx -> {
      Optional<KeysetOf> due = keysets.due(tx);
      due.ifPresent(name -> rotate(tx, name));
      return Next.again(due.isPresent() ? clock.instant() : clock.instant().plus(checkEvery));
    };
  }

  private void rotate(SqlConnection tx, KeysetOf name) {
    Keyset rotated = keysets.rotate(tx, name);
    String kind = name.kind().wireName();
    audit.system(
        tx,
        name.tenant(),
        "keyset.rotate",
        "/v1/tenants/" + name.tenant() + "/keys/" + kind,
        Optional.empty(),
        Optional.of(JsonObject.of("keyset", kind, "id", TenantKey.nameOf(rotated.primary()))));
  }
}
