package dev.gatehouse.controlplane.key;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job that seals with the current master key what is sealed with a former one, and with the
 * keys of tenants what is theirs, some rows in each transaction, while requests are served; where
 * it is interrupted, what is left says where to go on. When nothing is left, the former keys are
 * retired: the control plane starts without them.
 */
public final class MasterKeyRotation implements JobHandler {
  /** The kind of the one job. */
  public static final String KIND = "master-key";

  private static final Logger LOG = LoggerFactory.getLogger(MasterKeyRotation.class);

  /** Where another instance has a newer key, or rows are in use. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final String IN_USE =
      "SELECT fingerprint FROM master_key WHERE retired_at IS NULL ORDER BY current_since DESC";

  private static final String RETIRE =
      "UPDATE master_key SET retired_at = now() WHERE retired_at IS NULL AND fingerprint <> $1";

  private final MasterKey masterKey;
  private final Resealing resealing;
  private final AuditService audit;

  /** Seals with these keys. */
  public MasterKeyRotation(MasterKey masterKey, TenantSealers sealers, AuditService audit) {
    this.masterKey = masterKey;
    this.resealing = new Resealing(masterKey, sealers);
    this.audit = audit;
  }

  @Override
  public Effect run(Job job) {
    return this::reseal;
  }

  private Next reseal(SqlConnection tx) {
    List<String> inUse = inUse(tx);
    if (!inUse.getFirst().equals(masterKey.fingerprint())) {
      return Next.again(Instant.now().plus(PAUSE));
    }
    return switch (resealing.everything(tx)) {
      case MORE -> Next.again(Instant.now());
      case HELD -> Next.again(Instant.now().plus(PAUSE));
      case DONE -> {
        retire(tx, inUse.subList(1, inUse.size()));
        yield Next.done();
      }
    };
  }

  private void retire(SqlConnection tx, List<String> former) {
    tx.preparedQuery(RETIRE).execute(Tuple.of(masterKey.fingerprint())).await();
    for (String fingerprint : former) {
      audit.system(
          tx,
          AuditChain.PLATFORM,
          "master-key.retire",
          "",
          Optional.of(JsonObject.of("fingerprint", fingerprint)),
          Optional.of(JsonObject.of("fingerprint", masterKey.fingerprint())));
      LOG.info("nothing is sealed any more with the former master key {}", fingerprint);
    }
  }

  private static List<String> inUse(SqlConnection connection) {
    RowSet<Row> rows = connection.query(IN_USE).execute().await();
    return rows.stream().map(row -> row.getString(0)).toList();
  }
}
