package dev.gatehouse.controlplane.key;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.audit.AuditService;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Optional;

/** The job that lets {@link SigningKeyService} do what is due, again and again. */
public final class SigningKeySchedule implements JobHandler {
  /** The kind of the one job. */
  public static final String KIND = "signing-keys";

  private final SigningKeyService service;
  private final AuditService audit;
  private final Duration checkEvery;

  /**
   * @param checkEvery how long to pause between two looks
   */
  public SigningKeySchedule(SigningKeyService service, AuditService audit, Duration checkEvery) {
    this.service = service;
    this.audit = audit;
    this.checkEvery = checkEvery;
  }

  @Override
  public Effect run(Job job) {
    return tx -> {
      maintain(tx);
      return Next.again(service.now().plus(checkEvery));
    };
  }

  /** Does what is due, and records it. */
  public void maintain(SqlConnection tx) {
    service.maintain(tx, change -> record(tx, change));
  }

  private void record(SqlConnection tx, SigningKeyService.Change change) {
    SigningKey key = change.key();
    audit.system(
        tx,
        AuditChain.PLATFORM,
        change.action(),
        "/v1/signing-keys/" + key.kid(),
        Optional.empty(),
        Optional.of(shown(key)));
  }

  private static JsonObject shown(SigningKey key) {
    JsonObject json =
        JsonObject.of(
            "kid", key.kid(),
            "purpose", key.purpose().wireName(),
            "signsFrom", key.signsFrom().toString());
    key.publicJwk().ifPresent(jwk -> json.put("publicKey", new JsonObject(jwk)));
    return json;
  }
}
